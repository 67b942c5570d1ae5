#!/bin/sh
# Starts JupyterLab in the home directory, which is a volume: whatever it needs there is made at the first start.
# Started by a hub it is the server of one user, whom the hub has asked for a password; otherwise it asks for a token.
set -eu

# Examples are yours from the first start: what you changed or deleted is not put back.
if [ ! -e "$HOME/examples" ]; then
    cp -r /opt/jupyter-lab/examples "$HOME/examples"
fi

if [ -n "${JUPYTERHUB_API_TOKEN:-}" ]; then
    exec python3 -m jupyterhub.singleuser "$@"
fi

token=${JUPYTER_TOKEN_FILE:?names the file with the token}
# An empty token would mean that nobody is asked for one.
if [ "$(wc -c <"$token")" -lt 16 ]; then
    echo "start.sh: the token in $token has fewer than 16 characters; a notebook server runs whatever it is told, so it needs a real one" >&2
    exit 1
fi

exec python3 -m jupyterlab "$@"
