import hmac
import os

# The whole value of the header, with the word it begins with.
EXPECTED = os.environ["HEARBACK_AUTHORIZATION"].encode()
if not EXPECTED:
    raise RuntimeError("HEARBACK_AUTHORIZATION is empty")


def authorized(headers):
    """headers: a mapping that takes names in any case."""
    return hmac.compare_digest(headers.get("authorization", "").encode(), EXPECTED)
