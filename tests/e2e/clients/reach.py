"""Whether something listens where host:port is, and this pod may talk to it: true or false, as one line of JSON."""

import json
import socket
import sys

host, port = sys.argv[1].rsplit(":", 1)
try:
    socket.create_connection((host, int(port)), timeout=5).close()
    print(json.dumps(True))
except OSError:
    print(json.dumps(False))
