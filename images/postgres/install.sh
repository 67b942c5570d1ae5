#!/bin/sh
# Brings a Debian 12 root file system to what the PostgreSQL image needs; does nothing where all of it is there.
# So one Dockerfile builds on the sandbox's base, on a bare debian:bookworm-slim, and on the official postgres:15-bookworm.
set -eu
here=$(dirname "$0")
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

missing=
while read -r package; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done <"$here/packages.txt"

if [ -n "$missing" ]; then
    printf 'path-exclude=/usr/share/%s/*\n' doc man info locale >/etc/dpkg/dpkg.cfg.d/spark-platform
    mkdir -p /usr/share/man/man1
    apt-get update -q
    # shellcheck disable=SC2086 # a list
    apt-get install -q -y --no-install-recommends $missing
    rm -rf /var/lib/apt/lists/*
fi

if [ ! -e /etc/spark-platform-base ]; then
    # The packages make a database and a key of their own, which every container would share.
    rm -rf /etc/postgresql /var/lib/postgresql /etc/ssl/private/* /etc/ssl/certs/ssl-cert-snakeoil.pem
    # One number wherever the image was built: the data on a volume belong to it.
    sed -i 's/^postgres:x:[0-9]*:[0-9]*:/postgres:x:999:999:/' /etc/passwd
    sed -i 's/^postgres:x:[0-9]*:/postgres:x:999:/' /etc/group
    # Dates, logs and caches of this one installation.
    rm -rf /var/log/*.log /var/log/apt/* /var/log/postgresql /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old \
        /var/lib/dpkg/*-old /etc/machine-id /var/lib/dbus/machine-id /var/run/postgresql /tmp/* /var/tmp/*
    echo 'Debian 12, PostgreSQL 15' >/etc/spark-platform-base
fi
