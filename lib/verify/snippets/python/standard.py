import base64
import hmac
import os
import time

SECRET = os.environ["HEARBACK_SECRET"]
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")
# whsec_ and base64; the key is the decoded bytes.
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))


def verify(headers, body):
    """headers: a mapping with case-insensitive names. body: the raw bytes."""
    timestamp = headers.get("webhook-timestamp", "")
    content = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(KEY, content, "sha256"))
    # During a rotation there are several signatures, separated by spaces.
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    genuine = any(hmac.compare_digest(signature, expected) for signature in signatures)
    return genuine and abs(time.time() - int(timestamp)) <= 300
