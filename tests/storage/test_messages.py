"""Mail goes in once and comes out complete."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import (
    Absence,
    Address,
    Attachment,
    Bounce,
    Direction,
    MailKind,
    Message,
    Placement,
    Reading,
    Verdict,
)
from rules.terms.pooled import NewMail
from storage import packing
from storage.pool import Pool
from tests.storage.making import NOON, identity, mail, many

FULL = NewMail(
    message=Message(
        identity=identity("full"),
        message_id="full@example.org",
        sender=Address("Erika@Example.org", "Müller, Erika"),
        subject="Ré: Übergröße 🎁",
        date=datetime(2026, 11, 12, 13, 14, 15, 678901, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        text="Guten Tag,\n\nzum dritten Mal falsch geliefert.\n-- \nErika Müller\nMüller GmbH, Hof\n> alt",
        size=12345,
        reply_to=(Address("antwort@example.org"),),
        to=(Address("info@firma.example", "Firma"), Address("b@firma.example")),
        cc=(Address("", "undisclosed"),),
        bcc=(Address("still@firma.example"),),
        in_reply_to=("q1@firma.example",),
        references=("q0@firma.example", "q1@firma.example"),
        attachments=(
            Attachment("Foto ß.jpg", "image/jpeg", 4711, "ab" * 32, inline=True),
            Attachment("", "application/pdf", 0, "cd" * 32),
        ),
        defects=("charset guessed", "no date"),
    ),
    reading=Reading(
        kind=MailKind.WEB_FORM,
        new_text="Guten Tag,\n\nzum dritten Mal falsch geliefert.",
        signature="-- \nErika Müller\nMüller GmbH, Hof",
        language="de",
        original_sender=Address("wer@anders.example", "Wer"),
        fwd_subject="Fwd: Betreff",
        fwd_text="steht nicht im Text",
        absence=Absence(date(2025, 8, 15), Address("p.klein@firma.example", "Petra Klein")),
        bounce=Bounce(("erika@example.org", "x@example.org"), "550 5.1.1 unbekannt", "5.1.1", permanent=False),
    ),
    direction=Direction.OUTGOING,
    match=Match(
        Action.REVIEW,
        "C00001",
        "P00002",
        0.1 + 0.2,
        spoof=True,
        candidates=("C00001", "C00002"),
        evidence=(Evidence("address", "erika@example.org", 3.25), Evidence("name", "„Müller“", -1e-9)),
        decided_by="anna",
    ),
    verdict=Verdict.FAIL,
    thread=identity("thread"),
    raw_digest="ef" * 32,
    placement=Placement("info", "INBOX/Größe", 2**32 - 1, 2**32 - 2, frozenset({"\\Flagged", "$Complaint"})),
    arrived=NOON,
    history=True,
)


def test_everything_of_a_mail_comes_back(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([FULL])
    with pool.read() as work:
        found = work.messages.get(no)
    assert found is not None
    assert found.message == FULL.message
    assert found.message.date is not None
    assert found.message.date.tzinfo is not None
    assert found.placements == (FULL.placement,)
    assert found.mailboxes == {"info"}
    for name in ("reading", "direction", "match", "verdict", "thread", "raw_digest", "arrived", "history"):
        assert getattr(found, name) == getattr(FULL, name), name


unique = count()
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)
addresses = st.builds(Address, texts, texts)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_reading_comes_back(sqlite_pool: Pool, data: st.DataObject) -> None:
    text = data.draw(texts)
    start, end = sorted((data.draw(st.integers(0, 80)), data.draw(st.integers(0, 80))))
    part = st.sampled_from([text[start:end], "", text]) | texts
    given_mail = mail(text=text, subject=data.draw(texts), sender=data.draw(addresses), to=(data.draw(addresses),))
    reading = Reading(
        MailKind.PERSON,
        data.draw(part),
        data.draw(st.none() | part),
        data.draw(st.none() | st.just("de")),
        data.draw(st.none() | addresses),
        data.draw(st.none() | texts),
        data.draw(st.none() | part),
    )
    new = replace(given_mail, message=replace(given_mail.message, identity=str(next(unique))), reading=reading)
    with sqlite_pool.begin() as work:
        [no] = work.messages.add([new])
        found = work.messages.get(no)
    assert found is not None
    assert (found.message, found.reading) == (new.message, reading)


def test_what_no_database_can_hold_is_replaced(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail(text="a\0b \ud800 c", subject="\0", sender=Address("x\0", "\udfff"))])
        found = work.messages.get(no)
    assert found is not None
    assert found.message.text == "a\ufffdb ? c"
    assert found.message.subject == "\ufffd"


def test_a_moment_without_time_zone_is_refused(pool: Pool) -> None:
    with pytest.raises(ValueError, match="naive"), pool.begin() as work:
        work.messages.add([replace(mail(), arrived=datetime(2026, 1, 1))])
    with pool.read() as work:
        assert work.messages.count() == 0


def test_numbers_ascend_in_the_order_given_and_unknown_ones_are_left_out(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(5))
        assert numbers == sorted(numbers)
        assert work.messages.add([]) == []
        assert work.messages.known([identity("info-3"), identity("other")]) == {identity("info-3"): numbers[3]}
        assert list(work.messages.get_many([numbers[2], 999, numbers[0]])) == [numbers[2], numbers[0]]
        assert work.messages.get(999) is None
        assert work.messages.count() == 5


def test_lists_read_no_more_of_a_text_than_they_show(pool: Pool) -> None:
    """A dozen mails of 40 MB must not be in memory for a page of subjects."""
    text = "Zitat\n" * 1000 + "Neues: bitte zurückrufen! " + "x" * 200_000 + "Gruß, Erika Mustermann"
    new = text[6000:]
    elsewhere = "y" * 200_000  # a reading's text that stands nowhere in the mail, as of answers between quoted lines
    plain = mail("a", text=text, uid=1)
    mails = [
        replace(plain, reading=replace(plain.reading, new_text=new, signature="Gruß, Erika Mustermann")),
        replace(mail("b", text=text, uid=2), reading=Reading(MailKind.PERSON, elsewhere, language="de")),
        replace(mail("c", text=text, uid=3), reading=Reading(MailKind.BOUNCE, "", language="de")),
    ]
    with pool.begin() as work:
        numbers = work.messages.add(mails)
    for length in (0, 10, 6010, 7000):
        with pool.read() as work:
            found = work.messages.get_many(numbers, text_length=length)
            assert work.messages.get(numbers[0], text_length=length) == found[numbers[0]]
            assert work.messages.by_message_id("a@example.org", text_length=length) == [found[numbers[0]]]
        assert [one.message.text for one in found.values()] == [text[:length]] * 3
        assert [one.reading.new_text for one in found.values()] == [text[6000:length], "", ""]
        assert [one.reading.kind for one in found.values()] == [MailKind.PERSON, MailKind.PERSON, MailKind.BOUNCE]
        assert not found[numbers[0]].reading.signature
        assert found[numbers[0]].message == replace(plain.message, text=text[:length])
    with pool.read() as work:
        assert [one.reading for one in work.messages.get_many(numbers).values()] == [one.reading for one in mails]


def test_one_identity_is_stored_once(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail()])
    with pytest.raises(IntegrityError), pool.begin() as work:
        work.messages.add([mail("b"), mail()])
    with pool.read() as work:
        assert work.messages.count() == 1


def test_a_batch_sees_its_own_mails(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        assert work.messages.known([identity("a")]) == {identity("a"): no}
        assert work.messages.thread_entries(["a@example.org"])["a@example.org"].thread == identity("a")
        assert [hit.no for hit in work.search.messages("angebot", frozenset({"info"}))] == [no]


def test_two_mails_may_carry_one_message_id(pool: Pool) -> None:
    first = mail(match=Match(Action.ATTACH, "C1", "P1", 0.9))
    forged = replace(mail("b", uid=2), message=replace(mail("b").message, message_id="a@example.org"))
    with pool.begin() as work:
        work.messages.add([first, forged])
        found = work.messages.by_message_id("a@example.org")
        assert [one.message.identity for one in found] == [identity("a"), identity("b")]
        assert work.messages.by_message_id("nothing") == []
        entry = work.messages.thread_entries(["a@example.org", "nothing"])
    assert list(entry) == ["a@example.org"]
    assert entry["a@example.org"].customer_id == "C1"


def test_a_mail_without_message_id_is_kept(pool: Pool) -> None:
    new = replace(mail(), message=replace(mail().message, message_id=None, date=None))
    with pool.begin() as work:
        [no] = work.messages.add([new])
        found = work.messages.get(no)
    assert found is not None
    assert found.message == new.message


def test_a_message_id_may_be_absurdly_long(pool: Pool) -> None:
    long = "x" * 20_000
    new = replace(mail(), message=replace(mail().message, message_id=long))
    with pool.begin() as work:
        [no] = work.messages.add([new])
        assert [one.no for one in work.messages.by_message_id(long)] == [no]


def test_lists_show_the_newest_of_the_mailboxes_one_may_see(pool: Pool) -> None:
    review = Match(Action.REVIEW)
    with pool.begin() as work:
        old = work.messages.add(many(3))
        boss = work.messages.add([mail("boss", mailbox="boss", match=review, arrived=NOON + timedelta(days=1))])
        late = work.messages.add([mail("late", uid=9, match=review, arrived=NOON - timedelta(days=1))])
        work.messages.place(old[0], Placement("boss", "INBOX", 1, 1), Verdict.NONE, NOON)
        messages = work.messages
        assert messages.latest(None) == [*boss, old[2], old[1], old[0], *late]
        assert messages.latest(None, limit=2) == [*boss, old[2]]
        assert messages.latest(frozenset({"info"})) == [old[2], old[1], old[0], *late]
        assert messages.latest(frozenset({"boss", "unheard"})) == [*boss, old[0]]
        assert messages.latest(frozenset()) == []
        assert messages.by_action(Action.REVIEW, None) == [*boss, *late]
        assert messages.by_action(Action.REVIEW, frozenset({"info"})) == late
        assert messages.by_action(Action.REVIEW, frozenset()) == []
        assert messages.by_action(Action.UNKNOWN, None, limit=2) == [old[2], old[1]]


def test_corrections_can_be_undone_one_by_one(pool: Pool) -> None:
    own = Match(Action.REVIEW, candidates=("C1", "C2"), evidence=(Evidence("name", "Erika"),))
    first = Match(Action.ATTACH, "C1", "P1", 1.0, decided_by="anna")
    second = Match(Action.ATTACH, "C2", None, 1.0, decided_by="bert")
    with pool.begin() as work:
        [no] = work.messages.add([mail(match=own)])
        assert work.messages.undo_match(no) is None
        work.messages.set_match(no, first)
        work.messages.set_match(no, second)
    with pool.begin() as work:
        found = work.messages.get(no)
        assert found is not None
        assert found.match == second
        assert work.messages.by_action(Action.REVIEW, None) == []
        assert work.messages.undo_match(no) == first
        assert work.messages.undo_match(no) == own
        assert work.messages.undo_match(no) is None
        found = work.messages.get(no)
        assert found is not None
        assert found.match == own
        assert work.messages.by_action(Action.REVIEW, None) == [no]


def test_more_mails_than_fit_one_statement_come_back(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(1200))
        assert len(work.messages.get_many(numbers)) == 1200
        assert len(work.messages.known([identity(f"info-{no}") for no in range(1300)])) == 1200
        assert len(work.messages.thread_entries([f"info-{no}@example.org" for no in range(1300)])) == 1200


def test_mails_are_counted_by_the_firms_days(pool: Pool) -> None:
    late = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1), mail("b", uid=2, arrived=late), mail("c", uid=3, mailbox="other")])
        counts = work.messages.per_day({"info"}, date(2026, 11, 10), date(2026, 11, 14), ZoneInfo("Europe/Berlin"))
    assert counts == {date(2026, 11, 12): 1, date(2026, 11, 13): 1}


def test_a_reading_stored_before_there_were_absences_is_read() -> None:
    fields = packing.unpack_reading('["neu",null,null,null,null]', "neu")
    assert Reading(MailKind.PERSON, **fields) == Reading(MailKind.PERSON, "neu")
