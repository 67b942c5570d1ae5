#!/bin/sh
# Brings a Debian 12 root file system to what an image needs: the packages of packages.txt, then prepare.sh, if there is one.
# Does nothing where all of it is there, so one Dockerfile builds on the sandbox's base, which has everything, on a bare
# debian:bookworm-slim, and on an official image that has some of it.
set -eu
here=$(dirname "$0")
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

missing=
while read -r package; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done <"$here/packages.txt"

if [ -n "$missing" ]; then
    # Documentation of the packages is of no use in a container.
    printf 'path-exclude=/usr/share/%s/*\n' doc man info locale >/etc/dpkg/dpkg.cfg.d/spark-platform
    # Some packages want to link a manual page, and fail where the directory is missing.
    mkdir -p /usr/share/man/man1
    apt-get update -q
    # shellcheck disable=SC2086 # a list
    apt-get install -q -y --no-install-recommends $missing
    rm -rf /var/lib/apt/lists/*
fi

if [ ! -e /etc/spark-platform-base ]; then
    [ ! -e "$here/prepare.sh" ] || sh "$here/prepare.sh"
    # Dates, logs and caches of this one installation.
    find /var/log -type f -delete
    rm -rf /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old \
        /etc/machine-id /var/lib/dbus/machine-id /tmp/* /var/tmp/*
    . /etc/os-release
    echo "$PRETTY_NAME" >/etc/spark-platform-base
fi
