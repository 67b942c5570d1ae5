#!/bin/sh
# What the platform's base has beside its packages.
set -eu
here=$(dirname "$0")

python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
    echo "base image: found $(python3 --version), the wheels of the images are for Python 3.11: use a base of Debian 12 (bookworm)" >&2
    exit 1
}
python3 "$here/truststore.py" /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/java/cacerts
