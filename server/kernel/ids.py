"""Names of things: codes that are safe in a path, a topic and an address, and random tokens with their digests."""

import hashlib
import re
import secrets

CODE_PATTERN = r"^[a-z0-9-]{1,48}$"
_CODE = re.compile(CODE_PATTERN)


def is_code(text: str) -> bool:
    """Whether `text` may be the code of an exhibitor or a robot."""
    return _CODE.fullmatch(text) is not None


def new_token() -> str:
    """A bearer token with 256 random bits, URL-safe. It is shown once; only `token_digest` of it is stored."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """SHA-256 of a token in hex. A fast hash is enough: the token is random, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
