import base64
import hmac
import os

SECRET = os.environ["HEARBACK_SECRET"].encode()
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")


def verify(headers, body):
    """headers: a mapping with case-insensitive names. body: the raw bytes."""
    expected = base64.b64encode(hmac.digest(SECRET, body, "sha256"))
    return hmac.compare_digest(headers.get("x-rateup-signature", "").encode(), expected)
