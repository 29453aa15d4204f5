"""Likely duplicates: found in the background, proposed, and merged only by somebody who looked at both.

    walk     every customer in the order they came, a few hundred a step; from the beginning again each day
    blocks   who shares an address, telephone, VAT id, domain or name (indexed; crowded values are left out)
    judged   by rules.duplicates; what is no longer found is dropped, what staff called two stays two

What is found goes away again by itself when records are put right.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Event

from assistant.address_book import AddressBook
from rules import duplicates
from rules.terms.customer import CustomerFile, IdentifierKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.staff import Viewer
from storage.duplicates import Duplicate, DuplicateState, pair_of
from storage.pool import Pool, Work
from storage.walks import START

NAME = "duplicates"
STEP = 200
# What more customers than this share tells nobody apart: a portal's address, a tower's switchboard, a frequent name.
CROWDED = 12
LATER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DuplicateFinder:
    """Walks over the customers. Restarted after a crash, it goes on where it was."""

    pool: Pool
    firm: Firm
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def run(self, stop: Event) -> int:
        """Look at all customers that were not looked at today; how many that were. Nothing to do costs one look."""
        looked_at = 0
        while not stop.is_set():
            now = self.clock()
            goal = duplicates.GENERATION * 10_000_000 + now.date().toordinal()
            with self.pool.read() as work:
                position = work.walks.position(NAME, goal) or START
                after = int(position or 0)
                batch = work.customers.came_after(after, STEP)
                found = find(work, [id for _, id in batch], self.firm, now) if batch else []
            if not batch:
                break
            with self.pool.begin() as work:
                work.duplicates.settle([id for _, id in batch], found)
                work.walks.go_on(NAME, goal, str(batch[-1][0]))
            looked_at += len(batch)
        return looked_at


def find(work: Work, ids: Collection[str], firm: Firm, now: datetime) -> list[Duplicate]:
    """The likely duplicates of these customers among all."""
    files = work.customers.files_of(ids)
    keys = {id: duplicates.blocks(file, firm) for id, file in files.items()}
    asked: dict[IdentifierKind, set[str]] = {}
    for blocks in keys.values():
        for kind, values in blocks.items():
            asked.setdefault(kind, set()).update(values)
    owners = work.customers.owners(asked)
    pairs = {
        pair_of(id, one.customer_id)
        for id, blocks in keys.items()
        for kind, values in blocks.items()
        for value in values
        if (sharing := owners.get((kind, value))) is not None and sharing.count <= CROWDED
        for one in sharing.known
        if one.customer_id != id
    }
    files |= work.customers.files_of({id for pair in pairs for id in pair} - files.keys())
    found = []
    for one, other in sorted(pairs):
        judged = _judged(files.get(one), files.get(other), firm)
        if judged is not None:
            found.append(Duplicate(one, other, judged.evidence, judged.confidence, now))
    return found


def _judged(one: CustomerFile | None, other: CustomerFile | None, firm: Firm) -> duplicates.Likely | None:
    return None if one is None or other is None else duplicates.likely(one, other, firm)


@dataclass(frozen=True, slots=True)
class DuplicateBook:
    """What staff decide about likely duplicates."""

    pool: Pool
    book: AddressBook
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def merge(self, viewer: Viewer, number: int, kept: str) -> int:
        """Make one customer of a pair, `kept` the record that stays; the number by which it can be undone.

        Raises:
            NotFound: there is no such pair (any more).
            WrongUse: the record that is to stay is none of the two.
        """
        pair = self._found(number)
        if kept not in (pair.one, pair.other):
            raise WrongUse(
                problem=f"“{kept}” is none of the two records.",
                problem_de=f"„{kept}“ ist keiner der beiden Datensätze.",
            )
        return self.book.merge(viewer, kept, pair.other if kept == pair.one else pair.one)

    def distinct(self, viewer: Viewer, number: int) -> None:
        """They are two; never propose it again.

        Raises:
            NotFound: there is no such pair (any more).
        """
        self._say(viewer, number, DuplicateState.DISTINCT)

    def later(self, viewer: Viewer, number: int, today: date) -> None:
        """Propose it again in thirty days.

        Raises:
            NotFound: there is no such pair (any more).
        """
        self._say(viewer, number, DuplicateState.LATER, today + LATER)

    def reopen(self, viewer: Viewer, number: int) -> None:
        """Take back that they are two, or that it was put off.

        Raises:
            NotFound: there is no such pair (any more).
        """
        self._say(viewer, number, DuplicateState.OPEN)

    def _say(self, viewer: Viewer, number: int, state: DuplicateState, until: date | None = None) -> None:
        self._found(number)
        with self.pool.begin() as work:
            work.duplicates.say(number, state, viewer.login, self.clock(), until)

    def _found(self, number: int) -> Duplicate:
        with self.pool.read() as work:
            found = work.duplicates.get(number)
        if found is None:
            raise NotFound
        return found
