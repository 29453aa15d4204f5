"""How fast lists of cases are among 100,000 of them: every view, filters, search, the counts, the last page.

The reference of the same run is a look at one case by its number.

python -m benchmarks.cases [--cases 100000] [--pending 0.1] [--url postgresql://…]
"""

import argparse
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from assistant import casebook
from assistant.teamwork import Standing
from rules.terms.case import OURS, PENDING, Case, CaseFilter, CaseState, CaseView, Priority
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Customer
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Address, Direction, Mailbox, MailKind, Message, Placement, Reading, Verdict
from rules.terms.pooled import NewMail
from rules.terms.staff import Role, Viewer
from storage.pool import Pool, Work

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHUNK = 500
BOXES = ("info", "service", "export", "chef")
# The reader may not read the last one: one mail in four is closed to them.
READER = Viewer("anna", Role.STAFF, "de", frozenset(BOXES[:3]))
NOBODY_AWAY = Standing({}, frozenset(), frozenset())
QUEUES = ("complaints", "export", "inbox", "returns", "vip")
STAFF = ("", "", "anna", "berta", "carl", "dora")
CATEGORIES = tuple(category for category in Category if category is not Category.NONE)
WORDS = "Pumpe Ventil Lieferung Rechnung Konsole Dichtung Motor Schalter Kabel Farbe Termin Spedition".split()
# More than ten: only then does PostgreSQL plan once for all values, and that may be far worse.
ROUNDS = 25


def made(number: int, luck: random.Random, pending: float) -> tuple[NewMail, Case, Finding]:
    """A mail, its case and what was found in it."""
    opened = NOW - timedelta(minutes=number * 5)
    customer, text = f"C{luck.randrange(5000)}", " ".join(luck.choices(WORDS, k=60))
    subject = f"{luck.choice(WORDS)} {number}"
    match = Match(Action.ATTACH, customer, None, 0.99)
    message = Message(f"1:{number}", f"{number}@x.example", Address("a@b.example"), subject, opened, text, 900)
    reading = Reading(MailKind.PERSON, text, language="de")
    place = Placement(luck.choice(BOXES), "INBOX", 1, number + 1)
    mail = NewMail(
        message, reading, Direction.INCOMING, match, Verdict.PASS, message.identity, f"{number:064x}", place, opened
    )
    state = luck.choice(PENDING) if luck.random() < pending else luck.choice((CaseState.SOLVED, CaseState.CLOSED))
    case = Case(
        queue=luck.choice(QUEUES),
        subject=subject,
        because="Beschwerde",
        opened=opened,
        within=8,
        priority=luck.choice(tuple(Priority)),
        state=state,
        customer_id=customer,
        due=opened + timedelta(hours=luck.randrange(1, 2000)) if state in OURS else None,
        assignee=luck.choice(STAFF),
        snoozed_until=NOW + timedelta(days=2) if luck.random() < 0.05 else None,
        severity=luck.randrange(1, 4),
        category=luck.choice(CATEGORIES),
        tags=("messe",) if luck.random() < 0.02 else (),
    )
    quote = Evidence("complaint.late", " ".join(text.split()[:5]), 2.0)
    return (
        mail,
        case,
        Finding(0, opened, Assessment(True, False, 0.9, 2, case.category, (quote,), language="de"), customer),
    )


def fill(pool: Pool, count: int, pending: float) -> None:
    """So many cases, each with a mail."""
    luck = random.Random(7)
    with pool.begin() as work:
        for box in BOXES:
            work.mailboxes.put(Mailbox(box))
        work.customers.upsert([Customer(f"C{no}", f"Firma {no}") for no in range(5000)], (), {})
    for start in range(0, count, CHUNK):
        batch = [made(number, luck, pending) for number in range(start, min(start + CHUNK, count))]
        with pool.begin() as work:
            numbers = work.messages.add([mail for mail, _, _ in batch])
            for number, (_, case, found) in zip(numbers, batch, strict=True):
                work.findings.put([Finding(number, found.date, found.assessment, found.customer_id)])
                work.cases.open(case, [number])


def questions(pool: Pool) -> Iterator[tuple[str, Callable[[Work], object]]]:
    """What is asked, by name."""

    def page(after: int | None = None, **chosen: object) -> Callable[[Work], object]:
        wanted = CaseFilter(login="anna", **chosen)  # type: ignore[arg-type]
        return lambda work: casebook.page(work, READER, wanted, NOW, NOBODY_AWAY, after=after)

    yield "one case", lambda work: work.cases.get(1, None)
    for view in CaseView:
        yield f"view {view.value}", page(view=view)
    yield "queue", page(queue="export")
    yield "priority", page(priority=Priority.URGENT)
    yield "category, ended", page(category=Category.QUALITY, view=CaseView.ENDED)
    yield "customer", page(customer_id="C17", view=CaseView.ENDED)
    yield "tag", page(tag="messe")
    yield "tag nobody uses", page(tag="nichts")
    yield "tag nobody uses, ended", page(tag="nichts", view=CaseView.ENDED)
    yield "search", page(text="Pumpe Ventil")
    yield "search for one", page(text="4711")
    for view in (CaseView.PENDING, CaseView.ENDED):
        with pool.read() as work:
            last = _last(work, view)
        yield f"last page, {view.value}", page(last, view=view)
    yield "counts", lambda work: casebook.counts(work, READER, "", NOW, NOBODY_AWAY)
    yield "counts of a queue", lambda work: casebook.counts(work, READER, "export", NOW, NOBODY_AWAY)
    yield "queues", lambda work: work.cases.queues(READER.mailboxes)
    yield "unanswered", lambda work: work.unanswered.page(READER.mailboxes, NOW - timedelta(days=30), NOW, 100)


def _last(work: Work, view: CaseView) -> int:
    """The case after which only a page is left."""
    after, before = None, None
    while cases := work.cases.page(CaseFilter(view), READER.mailboxes, NOW, after=after, limit=5000):
        before, after = after, cases[-1].id
        if len(cases) < 5000:
            return cases[-min(50, len(cases))].id
    return after or before or 1


def main() -> None:
    """Fill a pool and ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--pending", type=float, default=0.1, help="share of the cases that are not ended")
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pool = Pool.create(given.url or f"sqlite:///{folder}/pool.sqlite", str(Path(folder) / "blobs"))
        try:
            fill(pool, given.cases, given.pending)
            busy = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
            print(f"{given.cases:,} cases, {given.pending:.0%} pending; {busy}")
            for name, ask in questions(pool):
                taken = []
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    with pool.read() as work:
                        ask(work)
                    taken.append((time.perf_counter() - began) * 1000)
                print(f"{name:26} median {median(taken):7.2f} ms   best {min(taken):7.2f} ms", flush=True)
        finally:
            pool.close()


if __name__ == "__main__":
    main()
