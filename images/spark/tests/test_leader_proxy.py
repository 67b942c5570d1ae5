"""The proxy in front of several masters; run by python3 -m unittest."""

import asyncio
import contextlib
import importlib.util
import json
import pathlib
import unittest

spec = importlib.util.spec_from_file_location("leader_proxy", pathlib.Path(__file__).parent.parent / "leader-proxy.py")
proxy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(proxy)


@contextlib.asynccontextmanager
async def master(status):
    """A web UI that says a status and its own name."""

    async def serve(reader, writer):
        request = await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"status": state["status"]}) if b"/json/" in request else f"page of {state['name']}"
        writer.write(f"HTTP/1.0 200 OK\r\n\r\n{body}".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    state = {"status": status, "name": str(port), "address": ("127.0.0.1", port), "server": server}
    try:
        yield state
    finally:
        server.close()


async def page_of(masters):
    server = await asyncio.start_server(proxy.Proxy([one["address"] for one in masters]).serve, "127.0.0.1", 0)
    try:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer.decode()
    finally:
        server.close()


class LeaderProxy(unittest.IsolatedAsyncioTestCase):
    async def test_leads_to_the_leader(self):
        async with master("STANDBY") as a, master("ALIVE") as b:
            self.assertIn(f"page of {b['name']}", await page_of([a, b]))

    async def test_leads_to_a_leader_that_recovers(self):
        async with master("RECOVERING") as a, master("STANDBY") as b:
            self.assertIn(f"page of {a['name']}", await page_of([a, b]))

    async def test_follows_a_change(self):
        async with master("ALIVE") as a, master("STANDBY") as b:
            one = proxy.Proxy([a["address"], b["address"]])
            self.assertEqual(await one.find_leader(), a["address"])
            a["status"], b["status"] = "STANDBY", "ALIVE"
            self.assertEqual(await one.find_leader(), b["address"])

    async def test_says_that_nobody_leads(self):
        async with master("STANDBY") as a:
            self.assertIn("503 Service Unavailable", await page_of([a]))

    async def test_passes_over_a_master_that_is_gone(self):
        async with master("ALIVE") as gone:
            pass
        async with master("ALIVE") as b:
            self.assertIn(f"page of {b['name']}", await page_of([gone, b]))


if __name__ == "__main__":
    unittest.main()
