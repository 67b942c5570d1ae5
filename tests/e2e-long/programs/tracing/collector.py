"""Takes what OpenTelemetry sends by HTTP and keeps it; a GET answers with all of it."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

bodies = []


class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(b"")

    def do_GET(self):
        self.answer(b"\n".join(bodies))

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("", 4318), Collector).serve_forever()
