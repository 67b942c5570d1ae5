"""Shows Prometheus what the server's processes count, which they keep in files of a directory that this program shares with them.

On a port of its own: the server's page of metrics asks for one of MLflow's users, and whoever may call the server would reach it.
"""

import argparse
import threading

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector


def main() -> None:
    parser = argparse.ArgumentParser(description="Shows Prometheus what the server's processes count.")
    parser.add_argument("--directory", required=True, help="where the server keeps its files (--expose-prometheus)")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=given.directory)
    start_http_server(given.port, registry=registry)
    threading.Event().wait()


if __name__ == "__main__":
    main()
