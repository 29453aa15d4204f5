"""The firm's own people: who may log in, their sessions, and tokens for programs. Only digests of secrets lie here."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from rules.terms.errors import UnknownName
from rules.terms.staff import FieldGroup, Role, Staff
from storage.moments import moment_or_none, stamp, stamp_or_none
from storage.packing import pack_words, unpack_words
from storage.prepared import Prepared
from storage.records import sessions, staff, tokens


@dataclass(frozen=True, slots=True)
class Token:
    """A program's key, as its owner sees it listed. None: it does not expire."""

    id: int
    login: str
    name: str
    scopes: frozenset[str]
    expires: datetime | None


class StaffTable:
    """Members of staff by login."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, member: Staff, password_hash: str | None = None) -> None:
        """Add a member of staff or change a known one; without a password the old one stays."""
        values = asdict(member) | {"role": member.role.value, "groups": pack_words(sorted(member.groups)) or "[]"}
        if self.get(member.login) is None:
            self._connection.execute(insert(staff).values(values))
        else:
            self._connection.execute(update(staff).where(staff.c.login == member.login).values(values))
        if password_hash is not None:
            self.set_password(member.login, password_hash)

    def get(self, login: str) -> Staff | None:
        """One member of staff."""
        row = _OF_LOGIN.one(self._connection, login=login)
        return None if row is None else _staff(row)

    def named(self, typed: str) -> Staff | None:
        """Who has a login as a person typed it: without regard to case, unless two logins differ in nothing else."""
        exact = self.get(typed)
        if exact is not None:
            return exact
        alike = [member for member in self.all() if member.login.casefold() == typed.casefold()]
        return alike[0] if len(alike) == 1 else None

    def all(self) -> list[Staff]:
        """Everybody, by login."""
        rows = self._connection.execute(select(staff))
        return sorted((_staff(row) for row in rows), key=lambda member: member.login)

    def names(self) -> dict[str, str]:
        """What people are called, by their logins; whoever has no name is not in it."""
        return {row.login: row.name for row in _NAMES.rows(self._connection)}

    def password_hash(self, login: str) -> str | None:
        """The hash to check a password against."""
        return self._connection.scalar(select(staff.c.password_hash).where(staff.c.login == login))

    def set_password(self, login: str, password_hash: str) -> None:
        """Change a password. Whoever was logged in with the old one is no longer."""
        changed = update(staff).where(staff.c.login == login).values(password_hash=password_hash)
        if not self._connection.execute(changed).rowcount:
            raise UnknownName(what="login", name=login, hint="")
        self._connection.execute(delete(sessions).where(sessions.c.login == login))

    def shut_out(self, login: str) -> None:
        """End all sessions and keys of a member of staff."""
        for table in (sessions, tokens):
            self._connection.execute(delete(table).where(table.c.login == login))

    def open_session(self, digest: str, login: str, expires: datetime) -> None:
        """Remember a login by the digest of its cookie."""
        self._connection.execute(insert(sessions).values(digest=digest, login=login, expires=stamp(expires)))

    def session(self, digest: str, now: datetime) -> str | None:
        """Whose session this is, while it lasts and its owner is active."""
        row = _SESSION.one(self._connection, digest=digest, now=stamp(now))
        return None if row is None else row.login

    def close_session(self, digest: str) -> None:
        """Log out."""
        self._connection.execute(delete(sessions).where(sessions.c.digest == digest))

    def close_expired(self, now: datetime) -> int:
        """Drop sessions and tokens that are over; how many."""
        return sum(
            self._connection.execute(delete(table).where(table.c.expires <= stamp(now))).rowcount
            for table in (sessions, tokens)
        )

    def add_token(self, digest: str, login: str, name: str, scopes: frozenset[str], expires: datetime | None) -> int:
        """Remember a program's key by its digest; its number."""
        new = insert(tokens).values(
            digest=digest,
            login=login,
            name=name,
            scopes=pack_words(sorted(scopes)) or "[]",
            expires=stamp_or_none(expires),
        )
        return int(self._connection.execute(new.returning(tokens.c.id)).scalar_one())

    def token(self, digest: str, now: datetime) -> tuple[str, frozenset[str]] | None:
        """For whom a key speaks and what it may do, while it lasts and its owner is active."""
        row = _TOKEN.one(self._connection, digest=digest, now=stamp(now))
        return None if row is None else (row.login, frozenset(unpack_words(row.scopes)))

    def tokens(self, login: str) -> list[Token]:
        """A member's keys, oldest first."""
        rows = self._connection.execute(select(tokens).where(tokens.c.login == login).order_by(tokens.c.id))
        return [
            Token(row.id, row.login, row.name, frozenset(unpack_words(row.scopes)), moment_or_none(row.expires))
            for row in rows
        ]

    def end_token(self, digest: str) -> bool:
        """End a key by its own digest; False when there is none."""
        return self._connection.execute(delete(tokens).where(tokens.c.digest == digest)).rowcount > 0

    def revoke_token(self, id: int, login: str) -> bool:
        """End a key of this member's; False when it is not theirs."""
        return self._connection.execute(delete(tokens).where(tokens.c.id == id, tokens.c.login == login)).rowcount > 0


_OF_LOGIN = Prepared(select(staff).where(staff.c.login == bindparam("login")))
_NAMES = Prepared(select(staff.c.login, staff.c.name).where(staff.c.name != ""))
_SESSION = Prepared(
    select(sessions.c.login)
    .join(staff)
    .where(sessions.c.digest == bindparam("digest"), sessions.c.expires > bindparam("now"), staff.c.active)
)
_TOKEN = Prepared(
    select(tokens.c.login, tokens.c.scopes)
    .join(staff)
    .where(
        tokens.c.digest == bindparam("digest"),
        staff.c.active,
        or_(tokens.c.expires.is_(None), tokens.c.expires > bindparam("now")),
    )
)


def _staff(row: Any) -> Staff:
    fields = row._asdict()
    del fields["password_hash"]
    fields["role"] = Role(row.role)
    fields["groups"] = frozenset(map(FieldGroup, unpack_words(row.groups)))
    return Staff(**fields)
