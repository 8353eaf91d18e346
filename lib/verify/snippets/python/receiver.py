import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from authorized import authorized  # only: authorization
from verify import verify  # only: signature


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        # As it came: what was parsed and written again may differ by a byte.
        body = self.rfile.read(int(self.headers["content-length"]))
        if not authorized(self.headers):  # only: authorization
            return self.answer(401)  # only: authorization
        if not verify(self.headers, body):  # only: signature
            return self.answer(401)  # only: signature
        # It is genuine: keep the body now, answer at once, and work with it afterwards.
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
