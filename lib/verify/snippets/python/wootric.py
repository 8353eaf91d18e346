import hmac
import os

SECRET = os.environ["HEARBACK_SECRET"].encode()
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")


def verify(headers, body):
    """headers: a mapping with case-insensitive names. body: the raw bytes, of JSON or form fields."""
    expected = "sha1=" + hmac.digest(SECRET, body, "sha1").hex()
    return hmac.compare_digest(headers.get("x-wootric-signature", "").encode(), expected.encode())
