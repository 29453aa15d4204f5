"""The first start: whoever sees the console makes the first administrator in the browser, once.

The code is kept in memory and shown on the console; it is worth nothing as soon as there is a member of staff, however
they came in.
"""

import hmac
import secrets
from datetime import datetime

from assistant.access import Access
from assistant.attempts import Attempts
from assistant.pairing import ALPHABET
from rules.terms.errors import CodeWrong, SetUpAlready
from rules.terms.staff import Staff
from storage.pool import Pool

# 20^12 possibilities, and a few attempts in a quarter of an hour.
LENGTH, GROUP = 12, 4
# Attempts are counted together, whoever makes them.
_NAME = "setup"


class FirstStart:
    """Whether the house still waits for its first administrator, and the code that lets them in."""

    def __init__(self, pool: Pool, access: Access) -> None:
        """A code of its own for each start of the service."""
        self._pool = pool
        self._access = access
        self._attempts = Attempts()
        self._over = False
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        self.code = "-".join(letters[at : at + GROUP] for at in range(0, LENGTH, GROUP))

    @property
    def pending(self) -> bool:
        """Whether nobody has an account yet."""
        if not self._over:
            with self._pool.read() as work:
                self._over = bool(work.staff.all())
        return not self._over

    def begin(self, code: str, staff: Staff, password: str, address: str, now: datetime) -> str:
        """Make the first account; the secret of its session comes back.

        Args:
            code: what was typed.
            staff: the administrator to be.
            password: theirs.
            address: from where it is tried.
            now: the present moment.

        Raises:
            SetUpAlready: somebody has an account.
            CodeWrong: that is not the code.
            TooMany: after repeated wrong codes.
            WrongUse: the login or the password is unfit; nothing is made.
        """
        if not self.pending:
            raise SetUpAlready
        self._attempts.begin(_NAME, address, now)
        typed = "".join(letter for letter in code.upper() if letter.isalnum())
        if not hmac.compare_digest(typed.encode(), self.code.replace("-", "").encode()):
            raise CodeWrong
        self._attempts.succeeded(_NAME, address)
        self._access.add_first(staff, password)
        return self._access.log_in(staff.login, password, now, address)
