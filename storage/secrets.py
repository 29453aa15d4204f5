"""The vault for mailbox passwords: sealed with a key that lies beside the pool, or comes from the environment.

The key file holds a key in a line (Fernet). While the key is changed (assistant.key_changing) there are two: the first
seals, both open. What was derived from an earlier key stays as it was, in lines of its own:

    derived erasures 1=3q2+7w…
"""

import hmac
import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from rules.terms.errors import KeyUnfit, WrongUse

VARIABLE = "KINGPOST_KEY"
_DERIVED = b"derived "


class Vault:
    """Seals and opens secrets. The key is made on first use; whoever backs up the pool needs it too."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file

    def seal(self, secret: str) -> bytes:
        """The secret as it may be stored."""
        return self._lock().encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """The secret again. KeyUnfit when it was sealed with another key, or damaged."""
        try:
            return self._lock().decrypt(sealed).decode()
        except InvalidToken as error:
            raise KeyUnfit(source=self._source()) from error

    def ensure(self) -> None:
        """Make the key if there is none yet.

        Raises:
            KeyUnfit: what is there is no key.
        """
        self._lock()

    def derived(self, purpose: str) -> bytes:
        """A key of its own for another purpose, the same for ever (HMAC, RFC 2104)."""
        keys, kept = self._read()
        return kept[purpose] if purpose in kept else _derived(keys[-1], purpose)

    def begin_change(self, purposes: Collection[str]) -> None:
        """Put a new key before the present one; if that has been done already, go on with it.

        Args:
            purposes: what keys were derived for; these are kept.

        Raises:
            KeyUnfit: what is there is no key.
            WrongUse: the key comes from the environment, where only a person can change it.
        """
        if os.environ.get(VARIABLE):
            raise WrongUse(
                problem=f"The key comes from {VARIABLE}. Write it into the file that [pool] key_file names and take "
                "the variable away; then change it.",
                problem_de=f"Der Schlüssel kommt aus {VARIABLE}. Schreiben Sie ihn in die Datei, die [pool] key_file "
                "nennt, und nehmen Sie die Variable weg; dann wechseln Sie ihn.",
            )
        keys, kept = self._read()
        if len(keys) == 1:
            self._write([Fernet.generate_key(), *keys], {one: self.derived(one) for one in purposes} | kept)

    def resealed(self, sealed: bytes) -> bytes | None:
        """A secret under the newest key; None where it is already.

        Raises:
            KeyUnfit: no key opens it.
        """
        newest = Fernet(self._read()[0][0])
        with suppress(InvalidToken):
            newest.decrypt(sealed)
            return None
        return newest.encrypt(self.open(sealed).encode())

    def end_change(self) -> None:
        """Let only the newest key stay: nothing is sealed with another."""
        keys, kept = self._read()
        self._write(keys[:1], kept)

    def _lock(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self._read()[0]])

    def _read(self) -> tuple[list[bytes], dict[str, bytes]]:
        """The keys, the one that seals first, and what is kept of what was derived from earlier ones."""
        lines = [line.strip() for line in self._secret().splitlines() if line.strip()]
        keys = [line for line in lines if not line.startswith(_DERIVED)]
        try:
            for key in keys:
                Fernet(key)
            kept = [line.removeprefix(_DERIVED).decode().partition("=") for line in lines if line.startswith(_DERIVED)]
            found = {purpose: b64decode(value, validate=True) for purpose, _, value in kept}
        except ValueError as error:
            raise KeyUnfit(source=self._source()) from error
        if not keys:
            raise KeyUnfit(source=self._source())
        return keys, found

    def _write(self, keys: Sequence[bytes], kept: Mapping[str, bytes]) -> None:
        """Replace the file, whole or not at all."""
        lines = [*keys, *(_DERIVED + f"{purpose}=".encode() + b64encode(value) for purpose, value in kept.items())]
        handle, name = tempfile.mkstemp(dir=self._key_file.parent, prefix=".key-")  # mode 0600
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(lines) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self._key_file)
        folder = os.open(self._key_file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _secret(self) -> bytes:
        return os.environ.get(VARIABLE, "").encode() or self._key()

    def _source(self) -> str:
        return VARIABLE if os.environ.get(VARIABLE) else str(self._key_file)

    def _key(self) -> bytes:
        try:
            return self._key_file.read_bytes()
        except FileNotFoundError:
            return self._make()

    def _make(self) -> bytes:
        """Write a new key whole or not at all; of two processes at once one wins, and both use its key."""
        self._key_file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._key_file.parent, prefix=".key-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                self._key_file.hardlink_to(name)
        finally:
            Path(name).unlink()
        return self._key_file.read_bytes()


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"kingpost {purpose}".encode(), "sha256")
