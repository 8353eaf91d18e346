import base64
import hmac
import os
import time
from email.utils import parsedate_to_datetime

SECRET = os.environ["HEARBACK_SECRET"].encode()
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")


def verify(headers, body):
    """headers: a mapping with case-insensitive names. body: the raw bytes."""
    date = headers.get("date", "")
    expected = base64.b64encode(hmac.digest(SECRET, f"Date: {date}\n".encode() + body, "sha256"))
    genuine = hmac.compare_digest(headers.get("x-ct-hmac-sha256", "").encode(), expected)
    return genuine and abs(time.time() - parsedate_to_datetime(date).timestamp()) <= 300
