"""The pool and its units of work: everything written in one commits together, or nothing of it does.

Readers see one snapshot and never wait for the writer. There is one writer at a time, in this process by a lock, among
processes by the database's own (BEGIN IMMEDIATE; an advisory lock on PostgreSQL), so that nobody stores a mail between
another's look and write.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import TimeoutError

from rules.terms.errors import PoolBusy, PoolMissing, PoolNotEmpty, PoolTooNew
from storage import dumping, engines, migrating
from storage.alarms import Alarms
from storage.attempts import AttemptsTable
from storage.beside import Beside
from storage.blobs import GRACE, Blobs
from storage.cases import Cases
from storage.claims import claim_file
from storage.column_mappings import ColumnMappings
from storage.consents import Consents
from storage.contact_changes import ContactChanges
from storage.correspondents import Correspondents
from storage.customers import Customers
from storage.decisions import Decisions
from storage.documents import Documents
from storage.dumping import Told
from storage.duplicates import Duplicates
from storage.erasure import Erasures
from storage.exporting import Exporting
from storage.facts import CustomerFacts
from storage.findings import Findings
from storage.folder_imports import FolderImports
from storage.found_invoices import FoundInvoices
from storage.fulltext import Fts5, FullText, TsVector
from storage.interactions import Interactions
from storage.invitations import Invitations
from storage.ledger import Ledger
from storage.mailboxes import Mailboxes
from storage.marks import Marks
from storage.merges import Merges
from storage.messages import Messages
from storage.migrations import REVISIONS
from storage.outbox import Outbox
from storage.pairings import Pairings
from storage.particulars import Particulars
from storage.peers import Alone, Line, Peers
from storage.placements import chunks
from storage.promises import Promises
from storage.proposals import Proposals
from storage.quarantine import Quarantine
from storage.referrals import Referrals
from storage.rematching import Rematching
from storage.restrictions import Restrictions
from storage.sealed import Sealed
from storage.search import Search
from storage.senders import Senders
from storage.setup_drafts import SetupDrafts
from storage.shapes import Shapes
from storage.sightings import Sightings
from storage.snippets import Snippets
from storage.staff import StaffTable
from storage.staff_data import StoredOfStaff
from storage.targets import Targets
from storage.teams import Teams
from storage.unanswered import Unanswered
from storage.values import Values
from storage.walks import Walks

_PATIENCE = 30.0


class Work:
    """What one unit of work can touch."""

    def __init__(self, connection: Connection, fulltext: FullText, shapes: Shapes) -> None:
        self.customers = Customers(connection, fulltext, shapes)
        self.messages = Messages(connection, fulltext)
        self.interactions = Interactions(connection, fulltext)
        self.documents = Documents(connection, fulltext)
        self.findings = Findings(connection)
        self.mailboxes = Mailboxes(connection)
        self.marks = Marks(connection)
        self.quarantine = Quarantine(connection)
        self.staff = StaffTable(connection)
        self.attempts = AttemptsTable(connection)
        self.pairings = Pairings(connection)
        self.setup_drafts = SetupDrafts(connection)
        self.stored_of_staff = StoredOfStaff(connection)
        self.search = Search(connection, fulltext)
        self.rematching = Rematching(connection)
        self.walks = Walks(connection)
        self.merges = Merges(connection, fulltext)
        self.senders = Senders(connection)
        self.correspondents = Correspondents(connection)
        self.proposals = Proposals(connection)
        self.cases = Cases(connection, fulltext)
        self.unanswered = Unanswered(connection)
        self.teams = Teams(connection)
        self.snippets = Snippets(connection)
        self.outbox = Outbox(connection)
        self.invitations = Invitations(connection)
        self.facts = CustomerFacts(connection)
        self.ledger = Ledger(connection, self.customers, self.facts)
        self.found_invoices = FoundInvoices(connection)
        self.folder_imports = FolderImports(connection)
        self.column_mappings = ColumnMappings(connection)
        self.particulars = Particulars(connection)
        self.values = Values(connection)
        self.decisions = Decisions(connection)
        self.consents = Consents(connection)
        self.contact_changes = ContactChanges(connection)
        self.duplicates = Duplicates(connection)
        self.referrals = Referrals(connection)
        self.targets = Targets(connection)
        self.promises = Promises(connection)
        self.erasures = Erasures(connection, fulltext, self.customers)
        self.restrictions = Restrictions(connection)
        self.exporting = Exporting(connection)
        self.alarms = Alarms(connection)
        self.sealed = Sealed(connection)
        self.sightings = Sightings(connection)
        self.beside = Beside(connection)


class Pool:
    """Everything that is remembered, at a database address, with its blobs beside it. Safe to share among threads."""

    def __init__(self, url: str, blobs: str, patience: float = _PATIENCE) -> None:
        """Use `create` or `open`. `patience`: seconds to wait for another writer before PoolBusy."""
        self._url = engines.parse(url)
        self._patience = patience
        self.url = engines.shown(self._url)
        self.blobs = Blobs(blobs)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._fulltext: FullText = Fts5() if self._sqlite else TsVector()
        self._shapes = Shapes()
        self._writer: Engine = engines.writer(self._url, patience)
        self._reader: Engine = engines.reader(self._url, patience)
        self._turn = threading.Lock()
        self._writing: int | None = None
        self._version = 0
        self._written = 0

    @classmethod
    def create(cls, url: str, blobs: str) -> "Pool":
        """Make the tables, or bring an older pool's to this version, and open it. Again is fine."""
        pool = cls(url, blobs)
        try:
            if pool._sqlite:
                _make_private(engines.file_of(pool._url))
            with pool._writing_alone() as connection:
                if migrating.revision(connection) not in (None, *REVISIONS):
                    raise PoolTooNew(url=pool.url)
                migrating.upgrade(connection)
        except BaseException:
            pool.close()
            raise
        return pool

    @classmethod
    def open(cls, url: str, blobs: str) -> "Pool":
        """Open a pool that is there and of this version."""
        pool = cls(url, blobs)
        try:
            if pool._sqlite and not engines.file_of(pool._url).exists():
                raise PoolMissing(url=pool.url)
            migrating.check(pool._reader, pool.url)
        except BaseException:
            pool.close()
            raise
        return pool

    def check(self) -> None:
        """Whether the tables are still this version's: PoolTooNew once a newer one has upgraded them."""
        migrating.check(self._reader, self.url)

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """One unit of work that writes: it commits at the end, or leaves nothing."""
        with self._writing_alone() as connection:
            yield Work(connection, self._fulltext, self._shapes)
            if not self._sqlite:
                connection.execute(_COUNT_UP)
        self._written += 1

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One consistent look; it never waits for the writer."""
        with self._reading() as connection, connection.begin():
            yield Work(connection, self._fulltext, self._shapes)

    def dump(self, told: Told = lambda done, total: None) -> Iterator[str]:
        """Everything but the blobs as lines of text (storage.dumping), from one snapshot."""
        with self._reading() as connection, connection.begin():
            yield from dumping.lines(connection, told)

    def digests(self) -> Iterator[str]:
        """The blobs that the pool names."""
        with self._reading() as connection, connection.begin():
            yield from dumping.digests(connection)

    @contextmanager
    def erasing(self) -> Iterator[Work]:
        """One unit of work in which what is deleted is overwritten, then tidied up: no page of a file keeps it.

        On PostgreSQL the rows are gone at once, and their space is overwritten when the database tidies up (VACUUM).
        """
        with self._overwriting():
            with self.begin() as work:
                yield work
            begin = more = True
            while more:
                with self._writing_alone() as connection:
                    more = self._fulltext.tidy(connection, begin=begin)
                begin = False

    def sweep(self, grace: timedelta = GRACE) -> int:
        """Remove the blobs that erased rows named and nobody else names; how many are left for a later sweep.

        Again is fine: what could not be removed yet is still noted.
        """
        with self.read() as work:
            noted = work.erasures.removals()
            if not noted:
                return 0
            last = work.messages.last()
            named = work.erasures.named()
        left = len(noted)
        for part in chunks(noted):
            # Nobody names a blob while we remove it: whoever stores a mail waits. What was stored meanwhile has a
            # higher number.
            with self.begin() as work:
                kept = (named | work.erasures.named(last)).intersection(part)
                settled = kept.union(self.blobs.remove(set(part) - kept, grace))
                work.erasures.settle(settled)
                left -= len(settled)
        return left

    @contextmanager
    def _overwriting(self) -> Iterator[None]:
        if not self._sqlite:
            yield
            return
        self._tell_writer("PRAGMA secure_delete=ON")
        try:
            yield
            # Who reads for long, a backup say, keeps the log; then the next checkpoint empties it.
            patience = f"PRAGMA busy_timeout={int(self._patience * 1000)}"
            self._tell_writer("PRAGMA busy_timeout=1000", "PRAGMA wal_checkpoint(TRUNCATE)", patience)
        finally:
            self._tell_writer("PRAGMA secure_delete=OFF")

    def _tell_writer(self, *pragmas: str) -> None:
        """SQLite's settings of the one connection that writes; it stays the same one."""
        if not self._turn.acquire(timeout=self._patience):
            raise PoolBusy(url=self.url)
        try:
            with closing(self._writer.raw_connection()) as ours, closing(ours.cursor()) as cursor:
                for pragma in pragmas:
                    cursor.execute(pragma)
        finally:
            self._turn.release()

    @classmethod
    def load(cls, url: str, blobs: str, dumped: Iterable[str], told: Told = lambda done, total: None) -> "Pool":
        """Make a pool of such lines where there is none yet, and open it.

        Raises:
            PoolNotEmpty: there is a pool already.
            DumpUnreadable: the lines are no dump, or not a whole one; nothing is left behind.
        """
        pool = cls(url, blobs)
        try:
            if pool._sqlite:
                _make_private(engines.file_of(pool._url))
            with pool._writing_alone() as connection:
                if migrating.revision(connection) is not None:
                    raise PoolNotEmpty(url=pool.url)
                dumping.load(connection, dumped, pool._fulltext, told)
        except BaseException:
            pool.close()
            raise
        return pool

    @contextmanager
    def peers(
        self,
        heard: Callable[[str], None] = lambda word: None,
        lost: Callable[[], None] = lambda: None,
        back: Callable[[], None] = lambda: None,
    ) -> Iterator[Peers]:
        """Be a service on this pool while this lasts: the only one on SQLite, one of several on PostgreSQL.

        The callbacks are those of storage.peers.Line.

        Raises:
            PoolInUse: another service runs on the same SQLite pool.
        """
        if self._sqlite:
            with claim_file(engines.file_of(self._url), self.url):
                yield Alone()
            return
        engine = engines.line(self._url)
        line = Line(engine, heard, lost, back)
        try:
            line.open()
            yield line
        finally:
            line.close()
            engine.dispose()

    def version(self) -> int:
        """A number that changes when another process has written."""
        if not self._sqlite:
            with self._reading() as connection:
                return (connection.scalar(_COUNTED) or 0) - self._written
        # SQLite tells each connection of the others' commits; ours are all made on the writer's own. While it is
        # busy, the answer is the last one, and whatever came since is told next time.
        if self._turn.acquire(blocking=False):
            try:
                with closing(self._writer.raw_connection()) as ours, closing(ours.cursor()) as cursor:
                    self._version = cursor.execute("PRAGMA data_version").fetchone()[0]
            finally:
                self._turn.release()
        return self._version

    def close(self) -> None:
        """Close all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def _reading(self) -> Connection:
        try:
            return self._reader.connect()
        except TimeoutError as error:  # all connections are taken
            raise PoolBusy(url=self.url) from error

    @contextmanager
    def _writing_alone(self) -> Iterator[Connection]:
        me = threading.get_ident()
        if self._writing == me:
            msg = "a unit of work inside a unit of work would wait for itself"
            raise RuntimeError(msg)
        if not self._turn.acquire(timeout=self._patience):
            raise PoolBusy(url=self.url)
        self._writing = me
        try:
            with self._writer.begin() as connection:
                if not self._sqlite:
                    connection.execute(text(f"set local lock_timeout = {int(self._patience * 1000)}"))
                    connection.execute(_LOCK, {"key": _WRITER})
                yield connection
        finally:
            self._writing = None
            self._turn.release()


_WRITER = 0x6B70_0002  # "kp": the lock of whoever writes
_LOCK = text("select pg_advisory_xact_lock(:key)")
_COUNT_UP = text("update state set value = value + 1 where name = 'writes'")
_COUNTED = text("select value from state where name = 'writes'")


def _make_private(path: Path) -> None:
    """The file holds mail: it is its owner's alone, and so are the log files that take after it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
