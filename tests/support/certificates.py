"""A certificate authority of a test's own, made by openssl, for a broker and a bridge that say who they are."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.parts import find_program
from tests.support.ports import LOOPBACK

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates with a key that lives as long as its folder."""

    def __init__(self, folder: Path, name: str = "test authority") -> None:
        folder.mkdir()
        self._folder = folder
        self._own = self._pair("authority")
        _openssl("req", "-x509", *_KEY, *_out(self._own), "-subj", f"/CN={name}")

    @property
    def certificate(self) -> Path:
        """What those who trust this authority are given."""
        return self._own.certificate

    def sign(self, name: str, address: str = LOOPBACK) -> Pair:
        """A key, and a certificate for it that names a host and its address."""
        pair = self._pair(name)
        signed_by = ("-CA", self._own.certificate, "-CAkey", self._own.key)
        _openssl(
            *("req", "-x509", *_KEY, *_out(pair), *signed_by, "-subj", f"/CN={name}"),
            *("-addext", f"subjectAltName=IP:{address}", "-addext", "basicConstraints=critical,CA:FALSE"),
        )
        return pair

    def _pair(self, name: str) -> Pair:
        return Pair(self._folder / f"{name}.crt", self._folder / f"{name}.key")


def _out(pair: Pair) -> tuple[str | Path, ...]:
    return ("-keyout", pair.key, "-out", pair.certificate)


def _openssl(*words: str | Path) -> None:
    program = find_program(["openssl"], package="openssl")
    done = subprocess.run([program, *words], capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
