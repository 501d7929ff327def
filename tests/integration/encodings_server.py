"""Serves the files of a directory on a free loopback port, compressed by zlib while they are sent.

usage: encodings_server.py DIRECTORY PORT_FILE

GET /ENCODING/LEVEL/NAME, with ENCODING gzip, deflate, raw (deflate without zlib's header, as some servers send it),
members (two gzip members), identity, truncated or damaged (gzip). GET /quit ends the server.
"""
import http.server
import os
import sys
import threading
import zlib

WINDOW_BITS = {"deflate": 15, "raw": -15}
# Sizes of the chunks, in turn. Not one byte first: curl can only try raw deflate again with what it holds in one piece.
PIECES = (12, 1, 5, 4_000, 70_000)


def encode(content, encoding, level):
    if encoding == "identity":
        return content
    if encoding == "members":
        half = len(content) // 2
        return encode(content[:half], "gzip", level) + encode(content[half:], "gzip", level)
    stream = zlib.compressobj(level, zlib.DEFLATED, WINDOW_BITS.get(encoding, 31))
    pieces = [stream.compress(content[at:at + 30_000]) for at in range(0, len(content), 30_000)]
    coded = b"".join(pieces) + stream.flush()
    if encoding == "truncated":
        return coded[:len(coded) * 2 // 3]
    if encoding == "damaged":  # an impossible block type after the gzip header
        return coded[:10] + b"\xff" * 4 + coded[14:]
    return coded


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/quit":
            self.send_response(204)
            self.end_headers()
            threading.Thread(target=self.server.shutdown).start()
            return
        _, encoding, level, name = self.path.split("/")
        with open(os.path.join(self.server.directory, name), "rb") as file:
            coded = encode(file.read(), encoding, int(level))
        self.send_response(200)
        if encoding != "identity":
            self.send_header("Content-Encoding", "deflate" if encoding in WINDOW_BITS else "gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        at = turn = 0
        try:
            while at < len(coded):
                piece = coded[at:at + PIECES[turn % len(PIECES)]]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                at, turn = at + len(piece), turn + 1
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        # A client that has seen the damage hangs up; that is its right.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main(directory, port_file):
    server = Server(("127.0.0.1", 0), Handler)
    server.directory = directory
    # Nothing may outlive its test, whoever forgets it.
    watchdog = threading.Timer(120, os._exit, [1])
    watchdog.daemon = True
    watchdog.start()
    with open(port_file + ".new", "w", encoding="ascii") as out:
        out.write(str(server.server_port))
    os.rename(port_file + ".new", port_file)
    server.serve_forever(poll_interval=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
