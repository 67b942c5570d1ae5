#!/bin/bash
# The server: makes its data on the first start, sets the administrator's password, then becomes PostgreSQL itself.
# Settings come as arguments of the form `-c name=value`.
set -euo pipefail

major=15
root=/var/lib/postgresql/data
data=${PGDATA:?}
run=/run/postgres
given=/etc/postgres-tls

say() { echo "postgres: $*" >&2; }

# Peer authentication compares names, and an id that the namespace chose has none.
name_unknown_user() {
    if getent passwd "$(id -u)" >/dev/null; then
        return
    fi
    local wrapper
    wrapper=$(find /usr/lib /lib -name libnss_wrapper.so -print -quit 2>/dev/null || true)
    [[ -n $wrapper ]] || { say "user id $(id -u) has no name and libnss_wrapper.so is not in the image"; exit 1; }
    grep -v '^postgres:' /etc/passwd >"$run/passwd"
    echo "postgres:x:$(id -u):$(id -g):PostgreSQL:/tmp:/usr/sbin/nologin" >>"$run/passwd"
    export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=$run/passwd NSS_WRAPPER_GROUP=/etc/group
}

# Data of another version are not touched: PostgreSQL could not read them, and an empty server beside them would look like their loss.
refuse_other_versions() {
    local found
    for found in "$root"/*/PG_VERSION; do
        [[ ! -e $found || $found == "$data/PG_VERSION" ]] && continue
        say "$root holds data of PostgreSQL $(cat "$found"), this image is $major: dump them with the old image and load them into a new volume"
        exit 1
    done
}

# Under another name first: a half-made directory is never taken for a database.
make_data() {
    [[ -e $data/PG_VERSION ]] && return
    [[ ! -e $data ]] || { say "$data is there, but holds no database: restore it, or delete it to begin anew"; exit 1; }
    rm -rf "$data.new"
    initdb --pgdata="$data.new" --username=postgres --auth-local=peer --auth-host=scram-sha-256 \
        --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions >/dev/null
    mv "$data.new" "$data"
    say "made a new, empty data directory"
}

# The one in the Secret is the one that holds, also after the Secret was changed.
set_administrator_password() {
    [[ ${POSTGRES_ADMIN_PASSWORD:?is not set} =~ ^[A-Za-z0-9]+$ ]] || { say "POSTGRES_ADMIN_PASSWORD may hold letters and digits only"; exit 1; }
    # Recovery after a crash happens here already; its log is worth reading.
    postgres --single -D "$data" -c log_min_error_statement=panic postgres >/dev/null \
        <<<"ALTER ROLE postgres PASSWORD '$POSTGRES_ADMIN_PASSWORD'"
    unset POSTGRES_ADMIN_PASSWORD
}

own_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj "/CN=$(hostname)" \
        -keyout "$run/tls.key" -out "$run/tls.crt" 2>/dev/null
}

# The key must belong to the server and be readable by nobody else; a mounted Secret is neither.
copy_certificate() {
    cp "$given/tls.crt" "$run/tls.crt"
    cp "$given/tls.key" "$run/tls.key.new"
    chmod 0600 "$run/tls.key.new"
    mv "$run/tls.key.new" "$run/tls.key"
}

# A renewed certificate is taken over without a restart.
follow_certificate() {
    local last
    last=$(cat "$given/tls.crt" "$given/tls.key" | cksum)
    while sleep 60; do
        if [[ $(cat "$given/tls.crt" "$given/tls.key" | cksum) != "$last" ]]; then
            last=$(cat "$given/tls.crt" "$given/tls.key" | cksum)
            copy_certificate
            pg_ctl reload -D "$data" >/dev/null && say "the renewed certificate is in use"
        fi
    done
}

umask 0077
name_unknown_user
refuse_other_versions
make_data
# The kubelet opens a volume to its group; the server insists on being the only one.
chmod 0700 "$data"
rm -f "$data/postmaster.pid"
set_administrator_password
if [[ -e $given/tls.key ]]; then
    copy_certificate
    follow_certificate &
else
    own_certificate
fi
exec postgres -D "$data" -c listen_addresses='*' -c unix_socket_directories="$run" -c hba_file=/opt/postgres/pg_hba.conf \
    -c ssl=on -c ssl_cert_file="$run/tls.crt" -c ssl_key_file="$run/tls.key" -c password_encryption=scram-sha-256 "$@"
