#!/bin/sh
# What Debian's packages of PostgreSQL leave, and must not.
set -eu

# The packages make a database and a key of their own, which every container would share.
rm -rf /etc/postgresql /var/lib/postgresql /etc/ssl/private/* /etc/ssl/certs/ssl-cert-snakeoil.pem /var/log/postgresql /var/run/postgresql
# One number wherever the image was built: the data on a volume belong to it.
sed -i 's/^postgres:x:[0-9]*:[0-9]*:/postgres:x:999:999:/' /etc/passwd
sed -i 's/^postgres:x:[0-9]*:/postgres:x:999:/' /etc/group
