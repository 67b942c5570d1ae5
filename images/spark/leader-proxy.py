#!/usr/bin/env python3
"""Forwards connections to the web UI of the Standalone master that leads; the others know no workers and no applications."""

import argparse
import asyncio
import json
import signal
import sys

LEADING = ("ALIVE", "RECOVERING", "COMPLETING_RECOVERY")
REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nNo master leads at the moment.\n"


async def status_of(master):
    """What a master says of itself; nothing when it does not answer."""
    host, port = master
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1)
        try:
            writer.write(f"GET /json/ HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(), 2)
        finally:
            writer.close()
        return json.loads(answer.partition(b"\r\n\r\n")[2]).get("status")
    except (OSError, ValueError, asyncio.TimeoutError):
        return None


class Proxy:
    def __init__(self, masters):
        self.masters = masters
        self.leader = None
        self.asked = asyncio.Lock()

    async def find_leader(self):
        """The leader that was found last while it still leads, else whoever leads now."""
        async with self.asked:
            candidates = [self.leader] if self.leader else []
            for master in candidates + [one for one in self.masters if one != self.leader]:
                if await status_of(master) in LEADING:
                    self.leader = master
                    return master
            self.leader = None
            return None

    async def serve(self, reader, writer):
        try:
            leader = await self.find_leader()
            if leader is None:
                writer.write(REFUSAL)
                await writer.drain()
                return
            remote_reader, remote_writer = await asyncio.wait_for(asyncio.open_connection(*leader), 2)
            try:
                await asyncio.gather(pump(reader, remote_writer), pump(remote_reader, writer))
            finally:
                remote_writer.close()
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


def address(text):
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f'"{text}" is not an address; write it like "host:8080"')
    return host, int(port)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", type=int, required=True, help="port to listen on")
    parser.add_argument("--master", type=address, action="append", required=True, help="host:port of a master's web UI; once for each master")
    arguments = parser.parse_args()
    server = await asyncio.start_server(Proxy(arguments.master).serve, "0.0.0.0", arguments.listen)
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
