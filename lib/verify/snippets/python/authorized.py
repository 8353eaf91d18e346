import hmac
import os

# The whole header value, including its first word.
EXPECTED = os.environ["HEARBACK_AUTHORIZATION"].encode()
if not EXPECTED:
    raise RuntimeError("HEARBACK_AUTHORIZATION is empty")


def authorized(headers):
    """headers: a mapping with case-insensitive names."""
    return hmac.compare_digest(headers.get("authorization", "").encode(), EXPECTED)
