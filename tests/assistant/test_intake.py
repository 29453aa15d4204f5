"""One mail's way into the pool: stored once, with its reasons, in one transaction with the cursor."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.events import Arrived, Event
from assistant.filing import Filing
from assistant.intake import Batch, Intake
from assistant.lookup import Lookup
from assistant.reader import ReadMail, read_here
from assistant.triage import Triage
from rules import identifiers
from rules.terms.customer import Contact, Customer
from rules.terms.errors import MailRefused, NotFound, PoolFull, UnknownName, WrongUse
from rules.terms.finding import Action
from rules.terms.firm import Firm
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Cursor, Direction, FolderRole, Mailbox, Placement, RawMail, Verdict
from rules.terms.staff import Role, Viewer
from rules.terms.summary import Status
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}), authserv_id="mx.muster.example")
POISON = b"poison"


class HereReader:
    """Reads in this process; what holds the word "poison" is refused."""

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([MailRefused(reason="poison") if POISON in raw else read_here(raw, FIRM) for raw in raws])
        return done


def mail(name: str, *, sender: str = "karin@hansen.example", more: str = "", text: str = "Guten Tag") -> bytes:
    return (
        f"From: Karin Hansen <{sender}>\r\nTo: info@muster.example\r\nSubject: {name}\r\n"
        f"Date: Sun, 22 Nov 2026 09:00:00 +0100\r\nMessage-ID: <{name}@hansen.example>\r\n{more}\r\n{text}\r\n"
    ).encode()


def raw(content: bytes, uid: int, mailbox: str = "office", folder: str = "INBOX") -> RawMail:
    return RawMail(content, Placement(mailbox, folder, 7, uid), NOW)


def batch(
    *mails: RawMail, cursor: Cursor | None = None, role: FolderRole = FolderRole.INBOX, trusted: bool = True
) -> Batch:
    place = mails[0].placement
    return Batch(place.mailbox, place.folder, role, mails, cursor or Cursor(7, place.uid or 0), trusted=trusted)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool that knows the firm Hansen and Karin of it."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    hansen = Customer("C1", "Hansen Metallbau", email="info@hansen.example")
    karin = Contact("P1", "C1", first_name="Karin", last_name="Hansen", email="karin@hansen.example")
    with pool.begin() as work:
        work.customers.upsert([hansen], identifiers.of_customer(hansen, FIRM))
        work.customers.upsert_contacts([karin], identifiers.of_contact(karin, FIRM))
        work.mailboxes.put(Mailbox("office"))
        work.mailboxes.put(Mailbox("anna", owner="anna"))
    yield pool
    pool.close()


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def intake(pool: Pool, told: list[Event]) -> Intake:
    return Intake(pool, HereReader(), Triage(FIRM), told.append, lambda: NOW)  # type: ignore[arg-type]


def filing(pool: Pool) -> Filing:
    return Filing(pool, FIRM)


def viewer(*mailboxes: str) -> Viewer:
    return Viewer("bernd", Role.STAFF, "de", frozenset(mailboxes))


def test_a_mail_of_a_known_contact_is_filed_and_announced(pool: Pool, intake: Intake, told: list[Event]) -> None:
    received = intake.receive(batch(raw(mail("a"), 1)))
    with pool.read() as work:
        stored = work.messages.get(received.new[0])
        timeline = work.interactions.timeline("C1")
        cursor = work.mailboxes.cursor("office", "INBOX")
    assert stored is not None
    assert (stored.match.customer_id, stored.match.contact_id, stored.direction) == ("C1", "P1", Direction.INCOMING)
    assert [(entry.subject, entry.message, entry.mailboxes) for entry in timeline] == [
        ("a", stored.no, frozenset({"office"}))
    ]
    assert cursor == Cursor(7, 1)
    assert told == [Arrived("office", received.new)]
    assert pool.blobs.get(stored.raw_digest) == mail("a")


def test_the_same_mail_again_changes_nothing(pool: Pool, intake: Intake, told: list[Event]) -> None:
    intake.receive(batch(raw(mail("a"), 1)))
    again = intake.receive(batch(raw(mail("a"), 1)))
    assert (again.new, again.known) == ((), 1)
    assert len(told) == 1
    with pool.read() as work:
        assert work.messages.count() == 1
        assert len(work.interactions.timeline("C1")) == 1


def test_copies_in_one_batch_and_in_another_mailbox_are_one_message(pool: Pool, intake: Intake) -> None:
    first = intake.receive(
        batch(raw(mail("a"), 1), raw(mail("a", more="Received: from b by c; Sun, 22 Nov 2026 08:00:00 +0000\r\n"), 2))
    )
    intake.receive(batch(raw(mail("a"), 9, "anna")))
    with pool.read() as work:
        (number,) = first.new
        stored = work.messages.get(number)
    assert stored is not None
    assert {(place.mailbox, place.uid) for place in stored.placements} == {("office", 1), ("office", 2), ("anna", 9)}


def test_a_mail_that_cannot_be_read_is_kept_and_its_neighbours_are_stored(pool: Pool, intake: Intake) -> None:
    received = intake.receive(batch(raw(mail("a"), 1), raw(mail("b", text="poison"), 2), raw(mail("c"), 3)))
    assert (len(received.new), received.quarantined) == (2, 1)
    with pool.read() as work:
        (kept,) = work.quarantine.all()
        assert work.messages.live_uids("office", "INBOX", 7) == {1, 2, 3}
    assert kept.reason == "poison"
    assert pool.blobs.get(kept.raw_digest) == mail("b", text="poison")


def test_a_quarantined_mail_that_can_be_read_later_moves_into_the_pool(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(mail("b", text="poison"), 2)))
    with pool.read() as work:
        (kept,) = work.quarantine.all()
    assert intake.retry(kept.id) is False
    healed = Intake(pool, HealedReader(), Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]
    assert healed.retry(kept.id) is True
    with pool.read() as work:
        assert work.quarantine.count() == 0
        assert work.messages.at("office", "INBOX", 7, 2) is not None
    with pytest.raises(NotFound):
        healed.retry(kept.id)


class HealedReader(HereReader):
    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, FIRM) for raw in raws])
        return done


def test_what_the_server_would_not_give_is_named_in_quarantine(pool: Pool, intake: Intake) -> None:
    empty = Batch(
        "office",
        "INBOX",
        FolderRole.INBOX,
        (),
        Cursor(7, 5),
        refused=((Placement("office", "INBOX", 7, 5), "the body came empty"),),
    )
    assert intake.receive(empty).quarantined == 1
    with pool.read() as work:
        (kept,) = work.quarantine.all()
        assert work.messages.live_uids("office", "INBOX", 7) == {5}
    assert (kept.raw_digest, kept.placement.uid) == ("", 5)


def test_nothing_of_a_batch_is_stored_when_the_pool_cannot_take_it(
    pool: Pool, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PoolFull(url="pool", reason="simulated")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("storage.mailboxes.Mailboxes.advance", full)
        with pytest.raises(PoolFull):
            intake.receive(batch(raw(mail("a"), 1)))
    with pool.read() as work:
        assert work.messages.count() == 0
        assert work.mailboxes.cursor("office", "INBOX") is None
    assert len(intake.receive(batch(raw(mail("a"), 1))).new) == 1


def test_our_own_mail_is_filed_under_its_recipient(pool: Pool, intake: Intake) -> None:
    ours = mail("r", sender="info@muster.example").replace(b"To: info@muster.example", b"To: karin@hansen.example")
    (number,) = intake.receive(batch(raw(ours, 1, folder="Sent"), role=FolderRole.SENT)).new
    with pool.read() as work:
        stored = work.messages.get(number)
    assert stored is not None
    assert (stored.direction, stored.match.customer_id) == (Direction.OUTGOING, "C1")


def test_a_reply_in_the_same_batch_joins_the_thread(pool: Pool, intake: Intake) -> None:
    reply = mail("b", sender="privat@gmx.de", more="In-Reply-To: <a@hansen.example>\r\n")
    first, second = intake.receive(batch(raw(mail("a"), 1), raw(reply, 2))).new
    with pool.read() as work:
        one, two = work.messages.get(first), work.messages.get(second)
    assert one is not None
    assert two is not None
    assert one.thread == two.thread == "a@hansen.example"


def test_threads_become_one_when_the_missing_parent_arrives(pool: Pool, intake: Intake) -> None:
    first = intake.receive(batch(raw(mail("a"), 1))).new
    last = intake.receive(batch(raw(mail("c", more="In-Reply-To: <b@hansen.example>\r\n"), 2))).new
    between = intake.receive(batch(raw(mail("b", more="In-Reply-To: <a@hansen.example>\r\n"), 3))).new
    with pool.read() as work:
        threads = {found.thread for found in work.messages.get_many([*first, *last, *between]).values()}
    assert threads == {"a@hansen.example"}


def test_history_is_what_lay_there_when_the_folder_was_added(pool: Pool, intake: Intake) -> None:
    numbers = intake.receive(batch(raw(mail("a"), 3), raw(mail("b"), 4), cursor=Cursor(7, 4, history_uid=3))).new
    with pool.read() as work:
        stored = work.messages.get_many(numbers)
    assert [stored[number].history for number in numbers] == [True, False]


def test_what_the_firm_leaves_out_is_passed_over_and_counted(pool: Pool, tmp_path: Path) -> None:
    firm = replace(FIRM, excluded_addresses=frozenset({"betriebsrat@"}), excluded_words=frozenset({"Personalakte"}))
    intake = Intake(pool, HereReader(), Triage(firm), clock=lambda: NOW)  # type: ignore[arg-type]
    mails = [
        raw(mail("Wahl", sender="betriebsrat@muster.example"), 1),
        raw(mail("Personalakte"), 2),
        raw(mail("Angebot"), 3),
    ]
    received = intake.receive(batch(*mails, cursor=Cursor(7, 3)))
    assert (len(received.new), received.kept_out) == (1, 2)
    with pool.read() as work:
        assert work.messages.count() == 1
        assert work.erasures.copies("office", "INBOX", 7) == {1, 2}
        assert work.mailboxes.cursor("office", "INBOX") == Cursor(7, 3)
    assert len([file for file in (tmp_path / "blobs").rglob("*") if file.is_file()]) == 1


def test_what_waited_in_quarantine_and_is_left_out_now_goes(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(mail("Personalakte", text=POISON.decode()), 1)))
    with pool.read() as work:
        (waiting,) = work.quarantine.all()
    firm = replace(FIRM, excluded_words=frozenset({"Personalakte"}))
    assert Intake(pool, HealedReader(), Triage(firm), clock=lambda: NOW).retry(waiting.id)  # type: ignore[arg-type]
    with pool.read() as work:
        assert (work.quarantine.all(), work.messages.count()) == ([], 0)
        assert work.erasures.copies("office", "INBOX", 7) == {1}


def checked(word: str) -> str:
    return f"Authentication-Results: mx.muster.example; dmarc={word} header.from=hansen.example\r\n"


def test_a_forged_mail_is_never_attached_and_shows_no_record(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked("fail")), 1))).new
    shown = Lookup(pool, BERLIN).of_message(viewer("office"), number, NOW)
    assert (shown.status, shown.customer) == (Status.SPOOF, None)
    with pool.read() as work:
        assert work.interactions.timeline("C1") == []


def test_a_replayed_copy_that_fails_the_check_takes_the_mail_off_the_customer(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked("pass")), 1))).new
    intake.receive(batch(raw(mail("a", more=checked("fail")), 2)))
    with pool.read() as work:
        stored = work.messages.get(number)
        assert work.interactions.timeline("C1") == []
    assert stored is not None
    assert (stored.verdict, stored.match.action, stored.match.spoof) == (Verdict.FAIL, Action.REVIEW, True)


@pytest.mark.parametrize("word", ["pass", "fail"])
def test_a_verdict_that_anybody_could_have_written_counts_for_nothing(pool: Pool, intake: Intake, word: str) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked(word)), 1), trusted=False)).new
    with pool.read() as work:
        stored = work.messages.get(number)
    assert stored is not None
    assert stored.verdict is Verdict.NONE


def junk(*mails: RawMail) -> Batch:
    return batch(*mails, role=FolderRole.JUNK)


def in_junk(pool: Pool) -> list[tuple[str, str, int]]:
    with pool.read() as work:
        seen = work.sightings.page(["office"], NOW - timedelta(days=30))
        return [(one.customer_id, one.mailbox, one.count) for one in seen]


def test_of_mail_in_junk_only_the_customer_is_noted(pool: Pool, intake: Intake) -> None:
    received = intake.receive(
        junk(
            raw(mail("a", more=checked("pass")), 1, folder="Junk"),
            raw(mail("b", more=checked("none")), 2, folder="Junk"),
            raw(mail("c", more=checked("fail")), 3, folder="Junk"),
            raw(mail("d", sender="win@prize.example"), 4, folder="Junk"),
            raw(mail("e", more=checked("pass") + "List-Unsubscribe: <https://x.example>\r\n"), 5, folder="Junk"),
        )
    )
    assert (received.new, received.cases) == ((), frozenset())
    assert in_junk(pool) == [("C1", "office", 2)]
    with pool.read() as work:
        assert work.interactions.timeline("C1") == []
        assert work.messages.latest(None) == []
        cursor = work.mailboxes.cursor("office", "Junk")
    assert cursor is not None


def test_what_is_moved_out_of_junk_is_new_mail_and_no_longer_seen_there(pool: Pool, intake: Intake) -> None:
    intake.receive(junk(raw(mail("a"), 1, folder="Junk")))
    with pool.begin() as work:
        assert work.messages.live_uids("office", "Junk", 7) == {1}
        work.messages.mark_gone("office", "Junk", 7, [1], NOW)
    assert in_junk(pool) == []
    assert len(intake.receive(batch(raw(mail("a"), 1))).new) == 1


def test_what_staff_put_into_junk_themselves_is_not_shown_to_them(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(mail("a"), 1)))
    intake.receive(junk(raw(mail("a"), 1, folder="Junk")))
    assert in_junk(pool) == []


def test_a_date_in_the_future_does_not_stay_on_top_for_ever(pool: Pool, intake: Intake) -> None:
    late = mail("z").replace(b"22 Nov 2026", b"22 Nov 2099")
    intake.receive(batch(raw(late, 1)))
    with pool.read() as work:
        assert work.interactions.timeline("C1")[0].date == NOW


def test_a_colleagues_personal_mail_shows_only_that_there_was_contact(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("Geheim"), 1, "anna"))).new
    lookup = Lookup(pool, BERLIN)
    (entry,) = lookup.timeline(viewer("office"), "C1").entries
    assert (entry.open, entry.subject, entry.text, entry.who, entry.message) == (False, "", "", "", None)
    assert (entry.date.hour, entry.date.minute) == (12, 0)
    with pytest.raises(NotFound):
        lookup.of_message(viewer("office"), number, NOW)
    assert lookup.timeline(viewer("anna"), "C1").entries[0].subject == "Geheim"
    asked = lookup.by_message_id(viewer("office"), "<Geheim@hansen.example>", now=NOW)
    assert asked.status is Status.PENDING


def test_a_borrowed_message_id_shows_nothing_of_the_stored_mail(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(mail("a"), 1)))
    lookup = Lookup(pool, BERLIN)
    known = lookup.by_message_id(viewer("office"), "<a@hansen.example>", sender="Karin@Hansen.example", now=NOW)
    assert known.status is Status.KNOWN
    other = lookup.by_message_id(viewer("office"), "<a@hansen.example>", sender="boese@example.org", now=NOW)
    assert (other.status, other.customer) == (Status.PENDING, None)


def test_two_mails_with_one_message_id_are_told_apart_or_asked_about(pool: Pool, intake: Intake) -> None:
    twin = mail("a", text="Anderer Inhalt")
    intake.receive(batch(raw(mail("a"), 1), raw(twin, 2)))
    lookup = Lookup(pool, BERLIN)
    shown = lookup.by_message_id(viewer("office"), "a@hansen.example", now=NOW)
    assert (shown.status, shown.customer) == (Status.REVIEW, None)
    assert "money" in shown.withheld


def test_the_timeline_pages_without_losing_or_doubling(pool: Pool, intake: Intake) -> None:
    with pool.begin() as work:
        work.interactions.add(
            [Interaction("C1", Channel.CALL, NOW - timedelta(minutes=n // 3), f"Anruf {n}") for n in range(25)]
        )
    lookup, seen, mark = Lookup(pool, BERLIN), [], None
    while True:
        page = lookup.timeline(viewer("office"), "C1", before=mark, limit=4)
        seen += [entry.subject for entry in page.entries]
        mark = page.next
        if mark is None:
            break
    assert sorted(seen) == sorted(f"Anruf {n}" for n in range(25))
    with pytest.raises(WrongUse):
        lookup.timeline(viewer("office"), "C1", before="gestern")


def test_a_correction_moves_the_mail_and_can_be_undone(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", sender="fremd@anders.example"), 1))).new
    filing(pool).file(viewer("office"), [number], "C1", "P1")
    with pool.read() as work:
        stored = work.messages.get(number)
        assert [entry.message for entry in work.interactions.timeline("C1")] == [number]
    assert stored is not None
    assert (stored.match.customer_id, stored.match.decided_by) == ("C1", "bernd")
    filing(pool).undo(viewer("office"), [number])
    with pool.read() as work:
        stored = work.messages.get(number)
        assert work.interactions.timeline("C1") == []
    assert stored is not None
    assert stored.match.action is Action.UNKNOWN


def test_a_correction_needs_a_mail_one_may_read_and_a_customer_that_exists(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a"), 1, "anna"))).new
    with pytest.raises(NotFound):
        filing(pool).file(viewer("office"), [number], "C1", None)
    with pytest.raises(UnknownName):
        filing(pool).file(viewer("anna"), [number], "C9", None)
    with pytest.raises(UnknownName):
        filing(pool).file(viewer("anna"), [number], "C1", "P9")


def test_what_nobody_corrected_cannot_be_undone(pool: Pool, intake: Intake) -> None:
    """A forged copy took the mail off its customer; "undo" must not put it back."""
    (number,) = intake.receive(batch(raw(mail("a", more=checked("pass")), 1))).new
    intake.receive(batch(raw(mail("a", more=checked("fail")), 2)))
    with pytest.raises(NotFound):
        filing(pool).undo(viewer("office"), [number])
    with pool.read() as work:
        assert work.interactions.timeline("C1") == []


def test_undoing_a_correction_does_not_forget_that_the_check_failed(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked("pass")), 1))).new
    filing(pool).file(viewer("office"), [number], "C1", None)
    intake.receive(batch(raw(mail("a", more=checked("fail")), 2)))
    filing(pool).undo(viewer("office"), [number])
    with pool.read() as work:
        stored = work.messages.get(number)
        assert work.interactions.timeline("C1") == []
    assert stored is not None
    assert (stored.match.action, stored.match.spoof, stored.match.customer_id) == (Action.REVIEW, True, None)


def test_a_forged_mail_filed_by_hand_keeps_money_closed(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked("fail")), 1))).new
    filing(pool).file(viewer("office"), [number], "C1", None)
    shown = Lookup(pool, BERLIN).of_message(viewer("office"), number, NOW)
    assert shown.customer is not None
    assert shown.trust is not None
    assert shown.trust.verdict is Verdict.FAIL
    assert set(shown.withheld) == {"money", "particulars"}


def test_our_own_mail_that_came_back_by_a_list_is_ours_once_its_sent_copy_is_read(pool: Pool, intake: Intake) -> None:
    ours = mail("r", sender="info@muster.example", more=checked("fail").replace("hansen", "muster"))
    ours = ours.replace(b"To: info@muster.example", b"To: karin@hansen.example")
    (number,) = intake.receive(batch(raw(ours, 1))).new
    intake.receive(
        batch(
            raw(ours.replace(checked("fail").replace("hansen", "muster").encode(), b""), 5, folder="Sent"),
            role=FolderRole.SENT,
        )
    )
    with pool.read() as work:
        stored = work.messages.get(number)
        assert [entry.message for entry in work.interactions.timeline("C1")] == [number]
    assert stored is not None
    assert stored.direction is Direction.OUTGOING


def test_a_mail_in_our_name_that_lies_in_no_sent_folder_shows_that_nobody_checked_it(
    pool: Pool, intake: Intake
) -> None:
    ours = mail("r", sender="info@muster.example").replace(b"To: info@muster.example", b"To: karin@hansen.example")
    lookup = Lookup(pool, BERLIN)
    (loose,) = intake.receive(batch(raw(ours, 1))).new
    assert lookup.of_message(viewer("office"), loose, NOW).trust is not None
    sent = batch(raw(ours.replace(b"<r@", b"<s@"), 1, folder="Sent"), role=FolderRole.SENT)
    (filed,) = intake.receive(sent).new
    assert lookup.of_message(viewer("office"), filed, NOW).trust is None


def test_hidden_recipients_decide_nothing_that_colleagues_could_see(pool: Pool, intake: Intake) -> None:
    ours = mail("r", sender="info@muster.example", more="Bcc: karin@hansen.example\r\n")
    intake.receive(batch(raw(ours, 1, "anna", "Sent"), role=FolderRole.SENT))
    (number,) = intake.receive(batch(raw(mail("x"), 1))).new
    intake.receive(batch(raw(ours, 2)))
    with pool.read() as work:
        assert [entry.message for entry in work.interactions.timeline("C1")] == [number]


def test_a_mail_with_two_senders_is_shown_to_a_person(pool: Pool, intake: Intake) -> None:
    two = mail("a", more=checked("pass")).replace(b"<karin@hansen.example>", b"<karin@hansen.example>, x@boese.example")
    (number,) = intake.receive(batch(raw(two, 1))).new
    with pool.read() as work:
        stored = work.messages.get(number)
    assert stored is not None
    assert (stored.match.action, stored.verdict) == (Action.REVIEW, Verdict.NONE)


def test_a_pass_for_another_domain_than_the_shown_senders_is_a_failure(pool: Pool, intake: Intake) -> None:
    (number,) = intake.receive(batch(raw(mail("a", more=checked("pass").replace("hansen", "boese")), 1))).new
    with pool.read() as work:
        stored = work.messages.get(number)
    assert stored is not None
    assert (stored.verdict, stored.match.spoof) == (Verdict.FAIL, True)
