"""From UIDs to checked mails, in batches bounded by number and bytes.

sizes, dates and flags of 500 mails  →  bodies of ≤ 100 mails and ≤ 8 MB  →  check each  →  Batch
                                          a doubtful one  →  asked for again, alone  →  refused with a reason

A mail counts as fetched when exactly one answer names its UID and its body is there, whole as far as the announced
size tells. A mail on which the connection broke is asked for alone the next time, and refused after three breaks, so
that one mail cannot hold up the others. Breaks within a minute count once, and one that we made ourselves not at all:
neither a server that restarts nor a watch that ends says anything about a mail.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from connectors.imap import sets
from connectors.imap.answers import Found, Mail
from connectors.imap.events import FolderInfo, Refused
from connectors.imap.session import Reply, Session
from rules.terms.errors import ConnectorError, ServerDeclined
from rules.terms.mail import Placement, RawMail

SEEN = "\\Seen"
_UNKEPT = frozenset({SEEN, "\\Recent"})
_LOOK_AHEAD = 500
_STRIKES = 3
_APART = 60.0
_META = b"(UID FLAGS INTERNALDATE RFC822.SIZE)"
_BODY = b"(UID BODY.PEEK[])"
_ALL = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"


@dataclass(slots=True)
class Batch:
    """Mails of one folder. `last` is the highest UID that is dealt with; `unseen` are those nobody has opened yet."""

    last: int
    mails: list[RawMail] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unseen: set[int] = field(default_factory=set)
    count: int = 0


class Strikes:
    """On which mails the connection broke, and how often. Lives as long as the account object."""

    def __init__(self, apart: float = _APART, clock: Callable[[], float] = time.monotonic) -> None:
        self._apart = apart
        self._clock = clock
        self._struck: dict[tuple[str, int, int], tuple[int, float]] = {}

    def of(self, folder: str, uidvalidity: int, uid: int) -> int:
        """How often the connection broke while this mail was being fetched."""
        return self._struck.get((folder, uidvalidity, uid), (0, 0.0))[0]

    def add(self, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """The connection broke while these were being fetched."""
        now = self._clock()
        for uid in uids:
            key = (folder, uidvalidity, uid)
            count, last = self._struck.get(key, (0, float("-inf")))
            if now - last >= self._apart:
                self._struck[key] = (count + 1, now)

    def clear(self, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """These came through."""
        if self._struck:
            for uid in uids:
                self._struck.pop((folder, uidvalidity, uid), None)


class Fetcher:
    """Fetches mails of one folder. `select` gives the session with that folder open, anew for each batch."""

    def __init__(
        self, mailbox: str, folder: FolderInfo, uidvalidity: int, select: Callable[[], Session], strikes: Strikes
    ) -> None:
        self._mailbox = mailbox
        self._folder = folder
        self._uidvalidity = uidvalidity
        self._select = select
        self._strikes = strikes

    def batches(self, uids: list[int]) -> Iterator[Batch]:
        """The mails with these ascending UIDs. A UID that is no longer there is passed over."""
        for chunk in sets.chunks(uids, _LOOK_AHEAD):
            session = self._select()
            known = _by_uid(session.fetch(chunk, _META))
            for group in self._groups(chunk, known, session):
                yield self._batch(self._select(), group, known)

    def _groups(self, uids: list[int], known: dict[int, Mail], session: Session) -> Iterator[list[int]]:
        limits = session.limits
        group: list[int] = []
        size = 0
        for uid in uids:
            alone = self._struck(uid) > 0
            more = (known[uid].size or 0) if uid in known else 0
            if group and (alone or len(group) >= limits.batch_mails or size + more > limits.batch_bytes):
                yield group
                group, size = [], 0
            group.append(uid)
            size += more
            if alone:
                yield group
                group, size = [], 0
        if group:
            yield group

    def _batch(self, session: Session, uids: list[int], known: dict[int, Mail]) -> Batch:
        batch = Batch(last=uids[-1], count=len(uids))
        limit = session.limits.mail_bytes
        wanted = []
        for uid in uids:
            size = (known[uid].size or 0) if uid in known else 0
            if size > limit:
                batch.refused.append(Refused(uid, _too_big(size, limit)))
            elif self._struck(uid) >= _STRIKES:
                batch.refused.append(Refused(uid, "the connection broke each time this mail was fetched"))
            elif uid in known:
                wanted.append(uid)
        with_doubt = [uid for uid in uids if uid not in known and self._struck(uid) < _STRIKES]
        if wanted:
            largest = max(known[uid].size or 0 for uid in wanted)
            with_doubt += self._bodies(session, wanted, known, largest, batch)
        for uid in sorted(with_doubt):
            self._alone(session, uid, batch)
        batch.mails.sort(key=lambda mail: mail.placement.uid or 0)
        self._strikes.clear(self._folder.name, self._uidvalidity, (mail.placement.uid or 0 for mail in batch.mails))
        return batch

    def _bodies(
        self, session: Session, uids: list[int], known: dict[int, Mail], largest: int, batch: Batch
    ) -> list[int]:
        """Fetch the bodies into `batch`; the UIDs whose answers are in doubt come back."""
        total = sum(known[uid].size or 0 for uid in uids)
        with self._counting(session, uids):
            reply = session.fetch(uids, _BODY, each=2 * total // len(uids) + 1024, literal=_longest(largest))
        found: dict[int, list[Mail]] = {}
        for answer in reply.answers:
            if isinstance(answer, Mail) and answer.bodies and answer.uid is not None:
                found.setdefault(answer.uid, []).append(answer)
        doubtful = []
        for uid in uids:
            body = _one_body(found.pop(uid, []))
            if _fault(body, known[uid].size or 0):
                doubtful.append(uid)
            else:
                self._keep(batch, uid, body, known[uid])
        return doubtful

    def _alone(self, session: Session, uid: int, batch: Batch) -> None:
        """Ask once more for a mail whose first answer was in doubt; what is in doubt again is refused."""
        described = _by_uid(session.fetch([uid], _META)).get(uid)
        size = (described.size or 0) if described else 0
        if size > session.limits.mail_bytes:
            batch.refused.append(Refused(uid, _too_big(size, session.limits.mail_bytes)))
            return
        with self._counting(session, [uid]):
            reply = session.fetch([uid], _BODY, each=2 * size, literal=_longest(size))
            if not reply.accepted and self._struck(uid) < _STRIKES - 1:
                raise ServerDeclined(host=session.mailbox.host, operation="FETCH", reason=reply.reason)
        answers = [mail for mail in reply.answers if isinstance(mail, Mail) and mail.uid == uid and mail.bodies]
        body = _one_body(answers)
        fault = _fault(body, size)
        if described and not fault:
            self._keep(batch, uid, body, described)
        elif self._lists(session, uid):
            batch.refused.append(
                Refused(uid, fault if answers else "the server lists this mail but does not hand it out")
            )

    def _lists(self, session: Session, uid: int) -> bool:
        found = session.run(b"UID SEARCH UID %d" % uid)
        return any(isinstance(part, Found) and uid in part.numbers for part in found)

    def _keep(self, batch: Batch, uid: int, body: bytes | None, mail: Mail) -> None:
        flags = mail.flags or frozenset()
        if SEEN not in flags:
            batch.unseen.add(uid)
        placement = Placement(self._mailbox, self._folder.name, self._uidvalidity, uid, flags - _UNKEPT)
        batch.mails.append(RawMail(body or b"", placement, mail.arrived))

    def _struck(self, uid: int) -> int:
        return self._strikes.of(self._folder.name, self._uidvalidity, uid)

    @contextlib.contextmanager
    def _counting(self, session: Session, uids: list[int]) -> Iterator[None]:
        """Count a strike against these mails when the connection breaks within, unless it was we who broke it."""
        try:
            yield
        except ConnectorError:
            if not session.interrupted:
                self._strikes.add(self._folder.name, self._uidvalidity, uids)
            raise


def kept(flags: frozenset[str]) -> frozenset[str]:
    """Flags as they may be stored: without who has read what."""
    return flags - _UNKEPT


def _by_uid(reply: Reply) -> dict[int, Mail]:
    """The described mails of an answer, whole descriptions only."""
    return {
        mail.uid: mail
        for mail in reply.answers
        if isinstance(mail, Mail) and mail.uid is not None and mail.size is not None and mail.flags is not None
    }


def _one_body(answers: list[Mail]) -> bytes | None:
    """The body, if all answers agree on one."""
    bodies = {answer.body for answer in answers}
    if len(bodies) != 1 or any(answer.bodies > 1 for answer in answers):
        return None
    return bodies.pop()


def _fault(body: bytes | None, size: int) -> str:
    """Why a body cannot be believed; "" when it can. Some servers only estimate sizes, so some play is left."""
    if body is None:
        return "the server gave no body, or several that differ"
    if not body:
        return "the server gave an empty body"
    if size and (len(body) < size - size // 4 - 512 or len(body) > 2 * size + 4096):
        return f"the server announced {size} bytes and gave {len(body)}"
    return ""


def _longest(size: int) -> int:
    return 2 * size + (1 << 16)


def _too_big(size: int, limit: int) -> str:
    return f"{size} bytes, more than the limit of {limit}"
