"""What was erased is not read in again: keyed digests, the gate before storing, and the list beside the pool.

A digest is an HMAC (RFC 2104) with a key of the vault: the list holds nobody's name or address, and without the key
nobody can try names on it. Digested are a mail's identity, its Message-ID with sender and date (a copy that a list
changed on its way), the raw mail where nothing could be read, the addresses, and the ids of records.

An address keeps out what was written before the erasure. What the person writes later is new mail and comes in, unless
the erasure says that it is blocked.
"""

import hmac
import json
import os
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from assistant.settings import Settings
from rules import addresses, erasing
from rules.erasing import Part
from rules.terms.errors import DumpUnreadable
from rules.terms.firm import Firm
from rules.terms.mail import Message, Reading
from storage.erasure import Erasure
from storage.pool import Pool, Work
from storage.secrets import Vault

VERSION = 1
PURPOSE = f"erasures {VERSION}"
FILE_NAME = "erasures.jsonl"
_LENGTH = 40  # hexadecimal digits: 160 bits


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail at the gate; `moment`: when it was written, or arrived."""

    message: Message
    reading: Reading
    moment: datetime


class Digests:
    """Makes keyed digests. The key is asked for when the first one is made."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._kept: bytes | None = None

    @property
    def key(self) -> str:
        """Names the key, and tells nothing of it."""
        return self.of("key")[2:10]

    def of(self, kind: str, *parts: str) -> str:
        """The digest of something of a kind."""
        if self._kept is None:
            self._kept = self._vault.derived(PURPOSE)
        text = "\n".join((kind, *parts)).encode(errors="replace")
        return f"{VERSION}:{hmac.digest(self._kept, text, 'sha256').hex()[:_LENGTH]}"

    def address(self, addr: str) -> str:
        """Of a mailbox, however its address is written."""
        return self.of("address", addresses.mailbox(addr))

    def mail(self, message: Message) -> tuple[str, ...]:
        """Of a mail, and of copies of it that were changed on their way."""
        identity = self.of("identity", message.identity)
        if message.message_id is None or message.date is None:
            return (identity,)
        written = (message.message_id, addresses.mailbox(message.sender.addr), message.date.astimezone(UTC).isoformat())
        return identity, self.of("mail", *written)


@dataclass(frozen=True, slots=True)
class Gate:
    """Stands before the pool and keeps out what was erased."""

    digests: Digests
    firm: Firm

    @classmethod
    def by(cls, settings: Settings) -> Self:
        """With the key of these settings."""
        return cls(Digests(Vault(settings.path(settings.pool.key_file))), settings.as_firm())

    def refused(self, work: Work, arrivals: Sequence[Arrival]) -> list[bool]:
        """Which of the mails were erased, or are of somebody who is blocked."""
        if not arrivals or not work.erasures.any():
            return [False] * len(arrivals)
        own = [self.digests.mail(one.message) for one in arrivals]
        people = [
            {
                addr: self.digests.address(addr)
                for addr in erasing.writers(one.message, one.reading) | erasing.recipients(one.message, self.firm)
            }
            for one in arrivals
        ]
        asked = {digest for some in own for digest in some} | {digest for some in people for digest in some.values()}
        known = work.erasures.known(asked)
        if not known:
            return [False] * len(arrivals)
        return [
            any(digest in known for digest in digests) or self._is_theirs(arrival, some, known)
            for arrival, digests, some in zip(arrivals, own, people, strict=True)
        ]

    def erased_records(self, work: Work, kind: Literal["customer", "contact"], ids: Collection[str]) -> set[str]:
        """Those of these ids whose records were erased."""
        if not ids or not work.erasures.any():
            return set()
        digests = {self.digests.of(kind, id): id for id in ids}
        return {digests[digest] for digest in work.erasures.known(digests)}

    def refused_raw(self, work: Work, raw_digest: str) -> bool:
        """Whether a mail that cannot be read was erased."""
        return work.erasures.any() and bool(work.erasures.known([self.digests.of("raw", raw_digest)]))

    def _is_theirs(
        self, arrival: Arrival, people: dict[str, str], known: dict[str, list[tuple[datetime, bool]]]
    ) -> bool:
        ours = self.firm.is_own(arrival.message.sender.addr)
        erased = {
            addr
            for addr, digest in people.items()
            for at, blocked in known.get(digest, ())
            if arrival.moment <= at or (blocked and not ours)
        }
        return erasing.part_of(arrival.message, arrival.reading, erased, self.firm) is Part.THEIRS


def new_erasure(digests: Digests, at: datetime, found: Collection[str], *, blocked: bool) -> Erasure:
    """An erasure to be remembered."""
    return Erasure(secrets.token_hex(8), at, blocked, digests.key, tuple(sorted(set(found))))


def list_file(settings: Settings) -> Path:
    """Where the list lies: beside the key, so beside the pool."""
    return settings.path(settings.pool.key_file).parent / FILE_NAME


def write_list(settings: Settings, pool: Pool) -> None:
    """Add to the list what the pool remembers and it does not hold yet. Again is fine.

    The pool's table is what counts here; the list is for the day when an older backup takes its place.
    """
    file = list_file(settings)
    listed = {one.id for one in read_list(file)}
    with pool.read() as work:
        new = work.erasures.all(without=listed)
    if not new:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8") as out:
        for one in new:
            out.write(json.dumps(_line(one), separators=(",", ":")) + "\n")
        out.flush()
        os.fsync(out.fileno())


def read_list(file: Path) -> list[Erasure]:
    """The erasures of a list; none where there is no such file.

    Raises:
        DumpUnreadable: it is no such list.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    try:
        return [_erasure(json.loads(line)) for line in lines if line]
    except (ValueError, KeyError, TypeError) as error:
        raise DumpUnreadable(
            problem=f"{file} is no list of erasures", problem_de=f"{file} ist keine Liste von Löschungen"
        ) from error


def _line(one: Erasure) -> dict[str, object]:
    at = one.at.isoformat()
    return {"v": VERSION, "id": one.id, "at": at, "blocked": one.blocked, "key": one.key, "digests": one.digests}


def _erasure(line: dict[str, object]) -> Erasure:
    digests = line["digests"]
    if not isinstance(digests, list) or line["v"] != VERSION:
        raise TypeError
    at = datetime.fromisoformat(str(line["at"]))
    return Erasure(str(line["id"]), at, bool(line["blocked"]), str(line["key"]), tuple(map(str, digests)))
