"""Names of things: codes that are safe in a path, a topic and an address, and random tokens with their digests."""

import base64
import hashlib
import re
import secrets
import uuid

CODE_PATTERN = r"^[a-z0-9-]{1,48}$"
_CODE = re.compile(CODE_PATTERN)
_CLEAR = "23456789bcdfghjkmnpqrtvwxyz"


def zone_code(seed: str) -> str:
    """The zone code of a person, such as `k7qm-2xpa`: nobody misreads it, no word is in it, and only its seed gives it.

    `seed` must be unguessable; 27 letters and digits in 8 places are 2.8 * 10^11 codes.
    """
    number = int(token_digest(seed), 16)
    letters = [_CLEAR[number // len(_CLEAR) ** place % len(_CLEAR)] for place in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def new_token() -> str:
    """A bearer token with 256 random bits, URL-safe. It is shown once; only `token_digest` of it is stored."""
    return secrets.token_urlsafe(32)


def token_from(seed: str) -> str:
    """The same for the same seed, which must be unguessable: what was asked for twice is given out once."""
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode().rstrip("=")


def token_digest(token: str) -> str:
    """SHA-256 of a token in hex. A fast hash is enough: the token is random, so there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_uid() -> str:
    """A name that nothing else in the world has: 32 hex digits."""
    return uuid.uuid4().hex
