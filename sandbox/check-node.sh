#!/bin/sh
# Says in one sentence what is wrong with the Node.js of this machine; prints nothing when it will do.
need="Node.js 20.19 or newer, with npm, is needed"
command -v node >/dev/null || { echo "$need; no 'node' is on the PATH. Install it from your distribution or nodejs.org, then run the same command again." >&2; exit 1; }
command -v npm >/dev/null || { echo "$need; no 'npm' is on the PATH (Debian: apt-get install npm)." >&2; exit 1; }
node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
    { echo "$need; found $(node --version)." >&2; exit 1; }
