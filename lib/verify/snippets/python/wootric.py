import hmac
import os

SECRET = os.environ["HEARBACK_SECRET"].encode()
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")


def verify(headers, body):
    """headers: a mapping that takes names in any case. body: the bytes as they came, JSON or form fields alike."""
    expected = "sha1=" + hmac.digest(SECRET, body, "sha1").hex()
    return hmac.compare_digest(headers.get("x-wootric-signature", "").encode(), expected.encode())
