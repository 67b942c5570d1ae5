#!/bin/sh
# Starts nginx, and has it read certificate and token again when their files change: they are mounted from Secrets, which
# the kubelet renews in place.
#
#   LISTEN    port for clients                            UPSTREAM  address of the gRPC server behind
#   /etc/tls-proxy/tls/tls.crt, tls.key                   the certificate
#   /etc/tls-proxy/token/token                            the token clients must send; without the file all are let in
set -eu
token=/etc/tls-proxy/token/token
work=/tmp/nginx

write_tokens() {
    umask 077
    if [ ! -e "$token" ]; then
        echo 'default 1;' >"$work/tokens.new"
    elif LC_ALL=C grep -Eqx '[A-Za-z0-9._~+/=-]{16,512}' "$token" && [ "$(wc -l <"$token")" -le 1 ]; then
        printf 'default 0;\n"Bearer %s" 1;\n' "$(cat "$token")" >"$work/tokens.new"
    else
        echo "tls-proxy: the token is none: found $(wc -c <"$token") bytes, expected one line of 16 to 512 letters, digits and . _ ~ + / = -" >&2
        return 1
    fi
    mv "$work/tokens.new" "$work/tokens.conf"
}

fingerprint() {
    cat /etc/tls-proxy/tls/tls.crt /etc/tls-proxy/tls/tls.key "$token" 2>/dev/null | sha256sum
}

mkdir -p "$work"
sed -e "s/@LISTEN@/$LISTEN/" -e "s/@UPSTREAM@/$UPSTREAM/" /opt/tls-proxy/nginx.conf >"$work/nginx.conf"
write_tokens
last=$(fingerprint)

nginx -e stderr -c "$work/nginx.conf" &
server=$!
# QUIT lets calls end; this script is told first because it is what tini waits for.
trap 'kill -QUIT "$server"' TERM INT
while kill -0 "$server" 2>/dev/null; do
    sleep 10 &
    wait $! || true
    now=$(fingerprint)
    if [ "$now" != "$last" ]; then
        last=$now
        if write_tokens && nginx -e stderr -t -q -c "$work/nginx.conf"; then
            kill -HUP "$server"
            echo "tls-proxy: certificate or token changed, read again"
        fi
    fi
done
wait "$server"
