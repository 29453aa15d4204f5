"""The test's own book of a mailbox: what the server accepted, what became of it since, and whether the pool agrees."""

import imaplib
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import select

from connectors import mime
from rules.terms.errors import MailRefused
from storage.schema import attachments, boxes, messages, placements, places, quarantine
from tests.journeys.running import Home
from tests.servers.dovecot import Client, Dovecot

FLAGS = ("", "", "", r"\Seen", r"\Seen \Answered", r"\Flagged", r"\Seen $Rechnung")
ARCHIVE = "Archiv"


@dataclass(frozen=True)
class Lying:
    """A copy as the server keeps it. `identity` is None where the mail is over a limit of the reader."""

    identity: str | None
    digest: str
    flags: frozenset[str]


@dataclass
class Ledger:
    """A mailbox on the server. `left`: what was moved away or expunged, and whether the pool held it by then."""

    server: Dovecot
    user: str
    mails: dict[tuple[str, int], Lying] = field(default_factory=dict)
    left: list[tuple[str, int, Lying, bool]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.client() as client:
            client.create(ARCHIVE)

    def client(self) -> Client:
        """Another mail program."""
        return self.server.client(self.user)

    def append(self, raws: Iterable[bytes], chance: random.Random, folder: str = "INBOX") -> None:
        """Let the server have these mails and note which it takes."""
        given: dict[int, str] = {}
        client = self.client()
        for number, raw in enumerate(raws):
            flags = chance.choice(FLAGS)
            try:
                answer, said = client.append(folder, f"({flags})", "", raw)
            except imaplib.IMAP4.error as error:
                answer, said = "NO", [str(error).encode()]
                client.shutdown()
                client = self.client()
            uid = re.search(rb"APPENDUID \d+ (\d+)", said[0])
            if answer == "OK" and uid:
                given[int(uid[1])] = flags
            else:
                self.refused.append(f"{number}: {said[0]!r}")
        # What counts is what the server hands out: it mends line ends and zero bytes.
        for uid_, raw in _bodies(client, folder, given):
            flags_ = frozenset(given[uid_].split())
            self.mails[folder, uid_] = Lying(_identity(raw), sha256(raw).hexdigest(), flags_)
        client.logout()
        assert all((folder, uid_) in self.mails for uid_ in given)

    def disturb(self, home: Home, chance: random.Random) -> None:
        """Move three mails and expunge two, wherever the service is just now."""
        inbox = [uid for folder, uid in self.mails if folder == "INBOX"]
        chosen = chance.sample(inbox, min(5, len(inbox)))
        with self.client() as client:
            client.select("INBOX")
            for number, uid in enumerate(chosen):
                held = ("INBOX", uid) in known(home, self.user)
                lying = self.mails.pop(("INBOX", uid))
                self.left.append(("INBOX", uid, lying, held))
                if number < 3:
                    assert client.uid("MOVE", str(uid), ARCHIVE)[0] == "OK"
                    copied = client.response("COPYUID")[1][0]
                    assert isinstance(copied, bytes)
                    self.mails[ARCHIVE, int(copied.split()[2])] = lying
                else:
                    client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
                    assert client.uid("EXPUNGE", str(uid))[0] == "OK"

    def check_server(self) -> None:
        """UIDs, folders and flags are those that the test made."""
        with self.client() as client:
            for folder in ("INBOX", ARCHIVE):
                there = {uid: flags - {r"\Recent"} for uid, flags in _flags(client.flags(folder))}
                assert there == {uid: one.flags for (name, uid), one in self.mails.items() if name == folder}

    def everything(self) -> list[object]:
        """All that another mail program sees, without changing anything: folders, UIDs, flags, even what is recent."""
        with self.client() as client:
            # Whether a folder is \Marked is only the server's guess.
            names = sorted(line.rpartition(b" ")[2] for line in client.list()[1] if isinstance(line, bytes))
            counts = [client.status(f, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)") for f in ("INBOX", ARCHIVE)]
            return [names, counts, *(client.flags(folder) for folder in ("INBOX", ARCHIVE))]

    def check_pool(self, home: Home) -> None:
        """Nothing lost, nothing doubled, every byte there."""
        pool = Held.of(home, self.user)
        live = Counter((folder, uid) for folder, uid, _, gone in pool.placements if not gone)
        kept = Counter((folder, uid) for folder, uid, _, gone in pool.quarantined if not gone)
        assert live + kept == Counter(self.mails.keys()), "a copy without exactly one place"
        identities = {(folder, uid): identity for folder, uid, identity, _ in pool.placements}
        digests = {(folder, uid): digest for folder, uid, digest, _ in pool.quarantined}
        remain = [(folder, uid, one) for folder, uid, one, held in self.left if held]
        for folder, uid, one in [*((folder, uid, one) for (folder, uid), one in self.mails.items()), *remain]:
            if one.identity is None:
                assert digests[folder, uid] == one.digest
            else:
                assert identities[folder, uid] == one.identity
        for folder, uid, _ in remain:
            assert (folder, uid) not in live
            assert (folder, uid) not in kept
        must = {one.identity for one in (*self.mails.values(), *(one for *_, one in remain))} - {None}
        may = {one.identity for _, _, one, _ in self.left} - {None}
        stored = [identity for identity, _ in pool.messages]
        assert len(stored) == len(set(stored))
        assert must <= set(stored) <= must | may
        if not any(not held for *_, held in self.left):
            assert len(stored) == len(must)
        raws = {one.digest for one in (*self.mails.values(), *(one for _, _, one, _ in self.left))}
        assert {digest for _, digest in pool.messages} <= raws
        with home.pool() as opened:
            for digest in {*pool.attachments, *digests.values(), *(digest for _, digest in pool.messages)}:
                opened.blobs.get(digest)  # compares the content with its digest


@dataclass(frozen=True)
class Held:
    """What the pool holds of a mailbox: (folder, uid, identity or digest, gone), and of all (identity, digest)."""

    placements: list[tuple[str, int, str, bool]]
    quarantined: list[tuple[str, int, str, bool]]
    messages: list[tuple[str, str]]
    attachments: list[str]

    @classmethod
    def of(cls, home: Home, mailbox: str) -> "Held":
        """Read the bare tables, so that no code of the pool can hide anything."""
        where = places.join(boxes, places.c.box == boxes.c.id)
        here = boxes.c.name == mailbox
        with home.tables() as connection:
            copies = connection.execute(
                select(places.c.folder, placements.c.uid, messages.c.identity, placements.c.gone)
                .select_from(placements.join(where, placements.c.place == places.c.id).join(messages))
                .where(here)
            )
            kept = connection.execute(
                select(places.c.folder, quarantine.c.uid, quarantine.c.raw_digest, quarantine.c.gone)
                .select_from(quarantine.join(where, quarantine.c.place == places.c.id))
                .where(here)
            )
            return cls(
                [(folder, uid, identity, gone is not None) for folder, uid, identity, gone in copies],
                [(folder, uid, digest, gone is not None) for folder, uid, digest, gone in kept],
                [(row.identity, row.raw_digest) for row in connection.execute(select(messages))],
                list(connection.scalars(select(attachments.c.digest))),
            )


def known(home: Home, mailbox: str) -> set[tuple[str, int]]:
    """Folder and UID of what the pool or the quarantine holds live."""
    where = places.join(boxes, places.c.box == boxes.c.id)
    found: set[tuple[str, int]] = set()
    with home.tables() as connection:
        for table in (placements, quarantine):
            query = select(places.c.folder, table.c.uid).select_from(table.join(where, table.c.place == places.c.id))
            rows = connection.execute(query.where(boxes.c.name == mailbox, table.c.gone.is_(None)))
            found |= {(folder, uid) for folder, uid in rows}
    return found


def _identity(raw: bytes) -> str | None:
    try:
        return mime.read(raw).message.identity
    except MailRefused:
        return None


def _bodies(client: Client, folder: str, uids: Iterable[int]) -> Iterable[tuple[int, bytes]]:
    client.select(folder, readonly=True)
    wanted = sorted(uids)
    for start in range(0, len(wanted), 100):
        numbers = ",".join(map(str, wanted[start : start + 100]))
        for answer in client.uid("FETCH", numbers, "(UID BODY.PEEK[])")[1]:
            if isinstance(answer, tuple):
                match = re.search(rb"UID (\d+)", answer[0])
                assert match
                yield int(match[1]), answer[1]
    client.unselect()


def _flags(lines: Iterable[bytes]) -> Iterable[tuple[int, frozenset[str]]]:
    for line in lines:
        uid, flags = re.search(rb"UID (\d+)", line), re.search(rb"FLAGS \(([^)]*)\)", line)
        assert uid
        assert flags
        yield int(uid[1]), frozenset(flags[1].decode().split())
