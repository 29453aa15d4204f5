"""Who is asking, and what may they see? Passwords, sessions and tokens of staff; secrets are stored as hashes only.

A session secret lives in the cookie, a token in the mail client; the pool keeps their SHA-256. Sessions slide:
each use pushes the end out again. What a viewer may see is worked out anew for every question.
"""

import hashlib
import re
import secrets
import threading
import unicodedata
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.attempts import PooledAttempts
from rules.terms.errors import (
    LoginFailed,
    NotFound,
    OldPasswordWrong,
    PasswordUnfit,
    PoolError,
    SetUpAlready,
    TooMany,
    UnknownName,
    WrongUse,
)
from rules.terms.mail import Mailbox
from rules.terms.staff import Role, Staff, Viewer
from storage.pool import Pool, Work
from storage.staff import Token

Scope = Literal["read", "write"]
SCOPES: frozenset[str] = frozenset({"read", "write"})
# What the hook of a mail server may: tell of openings, and nothing else. No person and no page hands it out.
ANNOUNCE: frozenset[str] = frozenset({"announce"})
# What a web site may: bring entries of people who are known. It reads nothing.
WEB_SITE: frozenset[str] = frozenset({"web-site"})
TOKEN_PREFIX = "kp_"  # noqa: S105  (a mark by which scanners for leaked secrets find ours, not a secret)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
# argon2id takes 64 MiB for a moment; more of them side by side would let strangers fill our memory.
SIDE_BY_SIDE = 2
_LOGIN = re.compile(r"[\w.@-]+")


class Access:
    """The staff's way in."""

    def __init__(
        self,
        pool: Pool,
        session_hours: int = 12,
        hasher: PasswordHasher | None = None,
        key: bytes = b"",
    ) -> None:
        """`key`: of the digests under which failed logins are counted; the same in all processes on the pool."""
        self._pool = pool
        self._lifetime = timedelta(hours=session_hours)
        self._hasher = hasher or PasswordHasher()
        self._decoy = self._hasher.hash(secrets.token_urlsafe())
        self._room = threading.BoundedSemaphore(SIDE_BY_SIDE)
        self._attempts = PooledAttempts(pool, key)
        self._slid: dict[str, datetime] = {}

    # -- accounts

    def add(self, staff: Staff, password: str) -> None:
        """Make an account.

        Raises:
            WrongUse: the login is empty, holds something else than letters, digits, . - _ @, or is taken.
            PasswordUnfit: the password is too short or too long.
        """
        self._add(staff, password, first=False)

    def add_first(self, staff: Staff, password: str) -> None:
        """Make the very first account.

        Raises:
            SetUpAlready: there is one.
            WrongUse: the login is empty or holds something else than letters, digits, . - _ @.
            PasswordUnfit: the password is too short or too long.
        """
        self._add(staff, password, first=True)

    def _add(self, staff: Staff, password: str, *, first: bool) -> None:
        if not _LOGIN.fullmatch(staff.login):
            raise WrongUse(
                problem="A login consists of letters, digits and the characters . - _ @, without blanks.",
                problem_de="Ein Benutzername besteht aus Buchstaben, Ziffern und den Zeichen . - _ @, "
                "ohne Leerzeichen.",
            )
        password_hash = self._hash(password)
        with self._pool.begin() as work:
            if first and work.staff.all():
                raise SetUpAlready
            if any(member.login.casefold() == staff.login.casefold() for member in work.staff.all()):
                raise WrongUse(
                    problem=f"The login “{staff.login}” is taken.",
                    problem_de=f"Den Benutzernamen „{staff.login}“ gibt es schon.",
                )
            work.staff.put(staff, password_hash)

    def known(self, typed: str) -> str:
        """The login as it was added, whichever case a person typed it in.

        Raises:
            UnknownName: nobody has it.
        """
        with self._pool.read() as work:
            return _known(work, typed).login

    def set_active(self, login: str, active: bool) -> None:
        """Let somebody log in again, or no longer; sessions and tokens of who may not end at once.

        Raises:
            UnknownName: nobody has that login.
            WrongUse: nobody else is an administrator.
        """
        with self._pool.begin() as work:
            member = _known(work, login)
            _put(work, replace(member, active=active))
            if not active:
                work.staff.shut_out(member.login)

    def set_role(self, login: str, role: Role) -> None:
        """Give somebody another role; it holds from their next request on.

        Raises:
            UnknownName: nobody has that login.
            WrongUse: nobody else is an administrator.
        """
        with self._pool.begin() as work:
            _put(work, replace(_known(work, login), role=role))

    def set_password(self, login: str, password: str) -> None:
        """Give somebody a new password; their sessions end.

        Raises:
            PasswordUnfit: the password is too short or too long.
        """
        password_hash = self._hash(password)
        with self._pool.begin() as work:
            work.staff.set_password(login, password_hash)

    def change_password(self, login: str, old: str, new: str, now: datetime, address: str = "") -> str:
        """Change one's own password. All sessions end; the secret of a fresh one comes back.

        Raises:
            OldPasswordWrong: the old password is wrong.
            TooMany: after repeated failures.
            PasswordUnfit: the new password is too short or too long.
        """
        try:
            self._check(login, old, now, address)
        except LoginFailed as error:
            raise OldPasswordWrong from error
        self.set_password(login, new)
        return self._open_session(login, now)

    # -- sessions

    def log_in(self, login: str, password: str, now: datetime, address: str = "") -> str:
        """Check a password; the secret for the session cookie comes back.

        Raises:
            LoginFailed: no such login, or another password; it takes the same time.
            TooMany: after repeated failures for this login or from this address.
        """
        return self._open_session(self._check(login, password, now, address), now)

    def log_out(self, secret: str) -> None:
        """End a session."""
        with self._pool.begin() as work:
            work.staff.close_session(_digest(secret))

    def viewer_of_session(self, secret: str, now: datetime, *, slide: bool = True) -> Viewer | None:
        """Whose session this is; with `slide` it counts as used."""
        digest = _digest(secret)
        with self._pool.read() as work:
            login = work.staff.session(digest, now)
            viewer = self._viewer_of_login(work, login)
        if viewer is not None and slide:
            self._slide(digest, now)
        return viewer

    # -- tokens

    def grant(self, token: str, now: datetime) -> tuple[Viewer, frozenset[str]] | None:
        """Whose token this is, and for what."""
        if not token.startswith(TOKEN_PREFIX):
            return None
        with self._pool.read() as work:
            found = work.staff.token(_digest(token), now)
            if found is None:
                return None
            login, scopes = found
            viewer = self._viewer_of_login(work, login)
        return None if viewer is None else (viewer, scopes)

    def viewer_of_token(self, token: str, scope: str, now: datetime) -> Viewer | None:
        """Whose token this is, if it is good for `scope`."""
        granted = self.grant(token, now)
        return granted[0] if granted is not None and scope in granted[1] else None

    def new_token(self, login: str, name: str, scopes: Collection[str], expires: datetime | None = None) -> str:
        """Make a token; this is the only time that it can be seen.

        Raises:
            WrongUse: no scope, or one that does not exist.
            UnknownName: nobody has that login.
        """
        if not scopes or not any(allowed.issuperset(scopes) for allowed in (SCOPES, ANNOUNCE, WEB_SITE)):
            raise WrongUse(
                problem="A token needs one or both of the scopes “read” and “write”.",
                problem_de="Ein Token braucht mindestens eines der Rechte „read“ und „write“.",
            )
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        with self._pool.begin() as work:
            work.staff.add_token(_digest(token), _known(work, login).login, name, frozenset(scopes), expires)
        return token

    def tokens(self, login: str) -> list[Token]:
        """Somebody's tokens, without their secrets."""
        with self._pool.read() as work:
            return work.staff.tokens(login)

    def end_token(self, token: str) -> None:
        """End a token by itself: its program signs out."""
        with self._pool.begin() as work:
            work.staff.end_token(_digest(token))

    def revoke(self, login: str, id: int) -> None:
        """End a token of one's own.

        Raises:
            NotFound: there is none of that number.
        """
        with self._pool.begin() as work:
            if not work.staff.revoke_token(id, login):
                raise NotFound

    # -- rights

    def viewer(self, staff: Staff) -> Viewer:
        """What somebody may see: shared mailboxes open to all or to them, and their own, removed ones too."""
        with self._pool.read() as work:
            return _viewer(staff, work)

    def _viewer_of_login(self, work: Work, login: str | None) -> Viewer | None:
        staff = work.staff.get(login) if login is not None else None
        return _viewer(staff, work) if staff is not None and staff.active else None

    def _check(self, typed: str, password: str, now: datetime, address: str) -> str:
        """The login as it was added, if the password is right."""
        counted = typed.casefold()
        self._attempts.begin(counted, address, now)
        with self._pool.read() as work:
            staff = work.staff.named(typed)
            stored = work.staff.password_hash(staff.login) if staff is not None else None
        # A login that does not exist costs the same time as a wrong password.
        right = self._verify(stored or self._decoy, password) and stored is not None
        if not right or staff is None or not staff.active:
            raise LoginFailed
        self._attempts.succeeded(counted, address)
        return staff.login

    def _verify(self, stored: str, password: str) -> bool:
        if not self._room.acquire(timeout=5):
            raise TooMany(seconds=5)
        try:
            return self._hasher.verify(stored, _normal(password)[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._room.release()

    def _hash(self, password: str) -> str:
        password = _normal(password)
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise PasswordUnfit(shortest=SHORTEST_PASSWORD, longest=LONGEST_PASSWORD)
        return self._hasher.hash(password)

    def _open_session(self, login: str, now: datetime) -> str:
        secret = secrets.token_urlsafe(32)
        with self._pool.begin() as work:
            work.staff.close_expired(now)
            work.staff.open_session(_digest(secret), login, now + self._lifetime)
        return secret

    def _slide(self, digest: str, now: datetime) -> None:
        """Push the end of a session out, in steps, so that reading does not write each time."""
        step = self._lifetime / 24
        if now - self._slid.setdefault(digest, now) < step:
            return
        if len(self._slid) > 10_000:
            self._slid = {kept: when for kept, when in self._slid.items() if now - when < 2 * step}
        self._slid[digest] = now
        # A pool without room must not lock its readers out.
        with suppress(PoolError), self._pool.begin() as work:
            login = work.staff.session(digest, now)
            if login is not None:
                work.staff.close_session(digest)
                work.staff.open_session(digest, login, now + self._lifetime)


def _known(work: Work, typed: str) -> Staff:
    member = work.staff.named(typed)
    if member is None:
        raise UnknownName(
            what="login", name=typed, hint="See “kingpost user list”.", hint_de="Siehe „kingpost user list“."
        )
    return member


def _put(work: Work, changed: Staff) -> None:
    """Store a member who was changed, unless nobody would be left who may do everything."""
    work.staff.put(changed)
    if not any(member.active and member.role is Role.ADMIN for member in work.staff.all()):
        raise WrongUse(
            problem=f"“{changed.login}” is the last administrator. Make somebody else one first.",
            problem_de=f"„{changed.login}“ ist der letzte Administrator. Machen Sie zuerst jemand anderen dazu.",
        )


def _viewer(staff: Staff, work: Work) -> Viewer:
    readable = {mailbox.name for mailbox in work.mailboxes.all() if may_read(mailbox, staff.login)}
    return Viewer(
        login=staff.login,
        role=staff.role,
        language=staff.language,
        mailboxes=work.mailboxes.left_to(staff.login) | readable,
        groups=staff.groups,
    )


def may_read(mailbox: Mailbox, login: str) -> bool:
    """Whether the content of a mailbox is open to somebody. No role opens somebody else's personal mailbox."""
    if mailbox.owner is not None:
        return mailbox.owner == login
    return not mailbox.members or login in mailbox.members


def _normal(password: str) -> str:
    """The same letters, whichever keyboard they were typed on."""
    return unicodedata.normalize("NFKC", password)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
