"""The vault for mailbox passwords: sealed with a key that lies beside the pool, or comes from the environment."""

import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from rules.terms.errors import KeyUnfit

VARIABLE = "KINGPOST_KEY"


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
        """A key of its own for another purpose, always the same while the vault's key is (HMAC, RFC 2104)."""
        self.ensure()
        return hmac.digest(self._secret().strip(), f"kingpost {purpose}".encode(), "sha256")

    def _lock(self) -> Fernet:
        try:
            return Fernet(self._secret().strip())
        except ValueError as error:
            raise KeyUnfit(source=self._source()) from error

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
