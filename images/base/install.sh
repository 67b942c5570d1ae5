#!/bin/sh
# Brings a Debian 12 root file system to what the images of the platform need; does nothing where all of it is there.
# So one Dockerfile builds on the sandbox's base, which has everything, and on a bare debian:bookworm-slim.
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
    # The package of the Java runtime wants to link a manual page, and fails where the directory is missing.
    mkdir -p /usr/share/man/man1
    apt-get update -q
    # shellcheck disable=SC2086 # a list
    apt-get install -q -y --no-install-recommends $missing
    rm -rf /var/lib/apt/lists/*
fi

python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
    echo "base image: found $(python3 --version), the wheels of the images are for Python 3.11: use a base of Debian 12 (bookworm)" >&2
    exit 1
}

if [ ! -e /etc/spark-platform-base ]; then
    python3 "$here/truststore.py" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/java/cacerts
    # Dates, logs and caches of this one installation.
    rm -rf /var/log/*.log /var/log/apt/* /var/cache/ldconfig/aux-cache /var/cache/apt/*.bin /var/cache/debconf/*-old \
        /var/lib/dpkg/*-old /etc/machine-id /var/lib/dbus/machine-id /tmp/* /var/tmp/*
    echo 'Debian 12, Java 17, Python 3.11' >/etc/spark-platform-base
fi
