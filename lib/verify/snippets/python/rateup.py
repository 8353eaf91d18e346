import base64
import hmac
import os

SECRET = os.environ["HEARBACK_SECRET"].encode()
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")


def verify(headers, body):
    """headers: a mapping that takes names in any case. body: the bytes as they came."""
    expected = base64.b64encode(hmac.digest(SECRET, body, "sha256"))
    return hmac.compare_digest(headers.get("x-rateup-signature", "").encode(), expected)
