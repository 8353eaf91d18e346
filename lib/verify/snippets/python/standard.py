import base64
import hmac
import os
import time

SECRET = os.environ["HEARBACK_SECRET"]
if not SECRET:
    raise RuntimeError("HEARBACK_SECRET is empty")
# whsec_ and base64: the key is the bytes that the base64 stands for.
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))


def verify(headers, body):
    """headers: a mapping that takes names in any case. body: the bytes as they came."""
    timestamp = headers.get("webhook-timestamp", "")
    content = f"{headers.get('webhook-id', '')}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(KEY, content, "sha256"))
    # While the secret is being changed there are several, with a space between them.
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    genuine = any(hmac.compare_digest(signature, expected) for signature in signatures)
    return genuine and abs(time.time() - int(timestamp)) <= 300
