"""Serves one gzip file to programs of this machine, as a web server sends a compressed page."""

import http.server
import pathlib
import sys

BODY = pathlib.Path(sys.argv[1]).read_bytes()


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        pass


with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
    print(server.server_port, flush=True)
    sys.stdout.close()
    server.serve_forever()
