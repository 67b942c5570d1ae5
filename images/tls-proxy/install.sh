#!/bin/sh
# Brings a Debian 12 root file system to what the TLS proxy needs; does nothing where all of it is there.
# So one Dockerfile builds on the sandbox's base and on a bare debian:bookworm-slim.
set -eu
here=$(dirname "$0")
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

missing=
while read -r package; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done <"$here/packages.txt"

if [ -n "$missing" ]; then
    printf 'path-exclude=/usr/share/%s/*\n' doc man info locale >/etc/dpkg/dpkg.cfg.d/spark-platform
    apt-get update -q
    # shellcheck disable=SC2086 # a list
    apt-get install -q -y --no-install-recommends $missing
    rm -rf /var/lib/apt/lists/*
fi

if [ ! -e /etc/spark-platform-base ]; then
    # Dates, logs and caches of this one installation.
    rm -rf /var/log/*.log /var/log/apt/* /var/log/nginx/* /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old \
        /var/lib/dpkg/*-old /etc/machine-id /var/lib/dbus/machine-id /tmp/* /var/tmp/*
    echo 'Debian 12, nginx' >/etc/spark-platform-base
fi
