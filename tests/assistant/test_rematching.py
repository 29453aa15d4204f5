"""What comes to be known of customers reaches the mail that nobody could file, quietly and through any crash."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal

import pytest

from assistant.events import Changed, Event
from assistant.intake import Batch, Intake
from assistant.reader import ReadMail, read_here
from assistant.rematching import CHUNK, Rematcher
from assistant.triage import Triage
from rules import identifiers
from rules.terms.customer import Customer, IdentifierKind, Known
from rules.terms.errors import MailRefused
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import Cursor, FolderRole, Mailbox, Placement, RawMail
from rules.terms.pooled import PooledMessage
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}), authserv_id="mx.muster.example")
HANSEN = Customer("C1", "Hansen Metallbau", email="info@hansen.example")
NEVER = Signal()


@dataclass
class HereReader:
    """Reads in this process, and counts."""

    busy: bool = False
    read: int = 0

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        self.read += len(raws)
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, FIRM) for raw in raws])
        return done


def mail(name: str, sender: str = "karin@hansen.example", more: str = "") -> bytes:
    return (
        f"From: Karin Hansen <{sender}>\r\nTo: info@muster.example\r\nSubject: {name}\r\n"
        f"Date: Sun, 22 Nov 2026 09:00:00 +0100\r\nMessage-ID: <{name}@hansen.example>\r\n{more}\r\nGuten Tag\r\n"
    ).encode()


def batch(*contents: bytes, first: int = 1) -> Batch:
    mails = tuple(
        RawMail(content, Placement("office", "INBOX", 7, uid), NOW) for uid, content in enumerate(contents, first)
    )
    return Batch("office", "INBOX", FolderRole.INBOX, mails, Cursor(7, first + len(contents) - 1))


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool that knows nobody yet."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("office"))
    yield pool
    pool.close()


@pytest.fixture
def reader() -> HereReader:
    return HereReader()


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def intake(pool: Pool, reader: HereReader, told: list[Event]) -> Intake:
    return Intake(pool, reader, Triage(FIRM), told.append, lambda: NOW)  # type: ignore[arg-type]


@pytest.fixture
def rematcher(pool: Pool, reader: HereReader) -> Rematcher:
    made = Rematcher(pool, reader, FIRM)  # type: ignore[arg-type]
    made.run(NEVER)
    return made


def learn(pool: Pool, *customers: Customer) -> None:
    with pool.begin() as work:
        keys = [known for one in customers for known in identifiers.of_customer(one, FIRM)]
        work.customers.upsert(customers, keys)


def stored(pool: Pool, no: int) -> PooledMessage:
    with pool.read() as work:
        found = work.messages.get(no)
    assert found is not None
    return found


def test_mail_of_a_customer_who_is_imported_later_is_filed_quietly(
    pool: Pool, intake: Intake, rematcher: Rematcher, told: list[Event]
) -> None:
    (no,) = intake.receive(batch(mail("a"))).new
    assert stored(pool, no).match.action is Action.UNKNOWN
    announced = len(told)
    learn(pool, HANSEN)
    seen: list[tuple[int, int | None]] = []
    assert rematcher.run(NEVER, lambda done, total: seen.append((done, total)))
    assert stored(pool, no).match.customer_id == "C1"
    with pool.read() as work:
        (entry,) = work.interactions.timeline("C1")
        assert (entry.message, entry.subject) == (no, "a")
        assert work.senders.leads(None) == []
    assert len(told) == announced
    assert seen[0] == (1, 1)


def test_whoever_has_a_mail_open_is_shown_what_was_decided_anew(pool: Pool, reader: HereReader, intake: Intake) -> None:
    changes: list[Event] = []
    rematcher = Rematcher(pool, reader, FIRM, changes.append)  # type: ignore[arg-type]
    filed, still_unknown = intake.receive(batch(mail("a"), mail("b", "otto@other.example"))).new
    rematcher.run(NEVER)
    assert changes == []
    learn(pool, HANSEN)
    rematcher.run(NEVER)
    assert changes == [Changed("office", (filed,))]
    assert stored(pool, still_unknown).match.action is Action.UNKNOWN


def test_a_stranger_whom_a_colleague_passes_on_is_a_lead_with_their_own_name(pool: Pool, intake: Intake) -> None:
    passed_on = (
        "From: Paul Meier <p.meier@muster.example>\r\nTo: verkauf@muster.example\r\nSubject: WG: Anfrage\r\n"
        "Date: Sun, 22 Nov 2026 09:00:00 +0100\r\nMessage-ID: <wg@muster.example>\r\n\r\nKannst Du das machen?\r\n\r\n"
        "-----Ursprüngliche Nachricht-----\r\nVon: Lena Brandt <l.brandt@brandt-druck.example>\r\n"
        "Gesendet: Freitag, 20. November 2026 10:11\r\nAn: p.meier@muster.example\r\nBetreff: Anfrage\r\n\r\n"
        "Guten Tag,\r\n\r\nwas kostet das?\r\n\r\nMit freundlichen Grüßen\r\nLena Brandt\r\n"
    ).encode()
    (no,) = intake.receive(batch(passed_on)).new
    assert stored(pool, no).writer == "l.brandt@brandt-druck.example"
    with pool.read() as work:
        (lead,) = work.senders.leads(frozenset({"office"}))
    assert (lead.address, lead.name) == ("l.brandt@brandt-druck.example", "Lena Brandt")
    learn(pool, Customer("C2", "Brandt Druck", email="l.brandt@brandt-druck.example"))
    Rematcher(pool, HereReader(), FIRM).run(NEVER)  # type: ignore[arg-type]
    assert stored(pool, no).match.customer_id == "C2"


def test_without_news_no_mail_is_read_again(
    pool: Pool, intake: Intake, rematcher: Rematcher, reader: HereReader
) -> None:
    learn(pool, HANSEN)
    rematcher.run(NEVER)
    intake.receive(batch(mail("a", "otto@other.example")))
    before = reader.read
    assert rematcher.run(NEVER)
    learn(pool, HANSEN)
    assert rematcher.run(NEVER)
    assert reader.read == before


def test_what_staff_decided_and_what_failed_the_check_stays(pool: Pool, intake: Intake, rematcher: Rematcher) -> None:
    learn(pool, replace(HANSEN, id="C9", name="Andere GmbH"))
    fails = "Authentication-Results: mx.muster.example; dmarc=fail header.from=hansen.example\r\n"
    forged, decided = intake.receive(batch(mail("forged", "info@hansen.example", fails), mail("b", "x@y.example"))).new
    nobody = Match(Action.UNKNOWN, decided_by="anna")
    with pool.begin() as work:
        work.messages.set_match(decided, nobody)
    suspicion = stored(pool, forged).match
    assert suspicion.spoof
    learn(pool, HANSEN, Customer("C2", "Y", email="x@y.example"))
    assert rematcher.run(NEVER)
    assert stored(pool, forged).match == suspicion
    assert stored(pool, decided).match == nobody


def test_somebody_pretended_to_be_a_customer_before_we_knew_the_customer(
    pool: Pool, intake: Intake, rematcher: Rematcher
) -> None:
    fails = "Authentication-Results: mx.muster.example; dmarc=fail header.from=hansen.example\r\n"
    (no,) = intake.receive(batch(mail("a", "info@hansen.example", fails))).new
    learn(pool, HANSEN)
    assert rematcher.run(NEVER)
    match = stored(pool, no).match
    assert match.customer_id is None
    assert match.spoof


def test_a_taught_address_files_that_senders_other_mails(
    pool: Pool, intake: Intake, rematcher: Rematcher, reader: HereReader
) -> None:
    learn(pool, HANSEN)
    rematcher.run(NEVER)
    mine = intake.receive(batch(mail("a", "privat@p.example"), mail("b", "privat@p.example"))).new
    intake.receive(batch(*(mail(f"x{no}", f"x{no}@other.example") for no in range(5)), first=10))
    before = reader.read
    with pool.begin() as work:
        work.customers.teach(Known(IdentifierKind.ADDRESS, "privat@p.example", "C1", None, "anna"))
    assert rematcher.run(NEVER)
    assert {stored(pool, no).match.customer_id for no in mine} == {"C1"}
    assert reader.read == before + len(mine)


def test_staff_who_decide_while_a_mail_is_read_again_have_the_last_word(
    pool: Pool, intake: Intake, reader: HereReader, rematcher: Rematcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (no,) = intake.receive(batch(mail("a"))).new
    learn(pool, HANSEN)
    nobody = Match(Action.UNKNOWN, decided_by="anna")
    read = reader.submit

    def meanwhile(raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        with pool.begin() as work:
            work.messages.set_match(no, nobody)
        return read(raws)

    monkeypatch.setattr(reader, "submit", meanwhile)
    assert rematcher.run(NEVER)
    assert stored(pool, no).match == nobody


def test_a_mail_whose_raw_form_is_gone_stops_nothing(
    pool: Pool, intake: Intake, rematcher: Rematcher, tmp_path: Path
) -> None:
    kept, lost = intake.receive(batch(mail("a"), mail("b"))).new
    digest = stored(pool, lost).raw_digest
    (tmp_path / "blobs" / digest[:2] / digest).unlink()
    learn(pool, HANSEN)
    assert rematcher.run(NEVER)
    assert stored(pool, kept).match.customer_id == "C1"
    assert stored(pool, lost).match.action is Action.UNKNOWN


def test_it_stops_when_told_and_goes_on_later(pool: Pool, intake: Intake, rematcher: Rematcher) -> None:
    numbers = intake.receive(batch(*(mail(str(no)) for no in range(3 * CHUNK)))).new
    learn(pool, HANSEN)
    stop = Signal()
    assert not rematcher.run(stop, lambda done, total: stop.set())
    filed = {no for no in numbers if stored(pool, no).match.customer_id}
    assert filed == set(numbers[-CHUNK:])
    assert rematcher.run(NEVER)
    assert all(stored(pool, no).match.customer_id == "C1" for no in numbers)


def test_live_mail_goes_first(
    pool: Pool, intake: Intake, rematcher: Rematcher, reader: HereReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake.receive(batch(mail("a")))
    learn(pool, HANSEN)
    reader.busy = True
    waited = Signal()

    def wait(seconds: float | None = None) -> bool:
        reader.busy = False
        return waited.is_set()

    stop = Signal()
    monkeypatch.setattr(stop, "wait", wait)
    assert rematcher.run(stop)
    assert not reader.busy


def test_other_settings_are_heard_too(pool: Pool, intake: Intake, reader: HereReader, rematcher: Rematcher) -> None:
    intake.receive(batch(mail("a"), mail("b")))
    before = reader.read
    assert rematcher.run(NEVER)
    assert reader.read == before
    changed = Rematcher(pool, reader, replace(FIRM, domains=FIRM.domains | {"hansen.example"}))  # type: ignore[arg-type]
    assert changed.run(NEVER)
    assert reader.read == before + 2


class Killed(BaseException):
    """As SIGKILL: nothing is tidied up."""


def test_a_kill_at_any_point_loses_no_work_and_doubles_none(
    pool: Pool, intake: Intake, reader: HereReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = intake.receive(batch(*(mail(str(no)) for no in range(2 * CHUNK + 3)))).new
    learn(pool, HANSEN)
    place = type(pool).begin
    calls = 0
    for kill_at in range(1, 12):
        calls = 0

        def begin(self: Pool, kill_at: int = kill_at) -> object:
            nonlocal calls
            calls += 1
            if calls == kill_at:
                raise Killed
            return place(self)

        monkeypatch.setattr(type(pool), "begin", begin)
        try:
            done = Rematcher(pool, reader, FIRM).run(NEVER)  # type: ignore[arg-type]
        except Killed:
            done = False
        monkeypatch.setattr(type(pool), "begin", place)
        if done:
            break
        learn(pool, replace(HANSEN, city=f"Hof {kill_at}"))
    assert done
    assert all(stored(pool, no).match.customer_id == "C1" for no in numbers)
    with pool.read() as work:
        assert work.interactions.count_of("C1") == len(numbers)
