import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from authorized import authorized  # only: authorization
from verify import verify  # only: signature


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # The raw bytes: parsing and writing them again may change some.
        body = self.rfile.read(int(self.headers["content-length"]))
        if not authorized(self.headers):  # only: authorization
            return self.answer(401)  # only: authorization
        if not verify(self.headers, body):  # only: signature
            return self.answer(401)  # only: signature
        # The call is genuine. Store the body, answer at once, and process it later.
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
