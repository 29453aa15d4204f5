"""Which thread a mail belongs to."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import threads
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, Message
from rules.terms.pooled import ThreadEntry

FIRM = Firm(domains=frozenset({"muster.example"}))
ANNA, BERND, FREE = "anna@hansen.example", "bernd@hansen.example", "erika@gmx.de"
US = "info@muster.example"
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


def mail(
    message_id: str | None,
    replies: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    *,
    subject: str = "",
    sender: str = ANNA,
    to: tuple[str, ...] = (US,),
    date: datetime | None = NOON,
) -> Message:
    return Message(
        identity=f"1:{message_id}",
        message_id=message_id,
        sender=Address(sender),
        subject=subject,
        date=date,
        text="",
        size=0,
        to=tuple(map(Address, to)),
        in_reply_to=replies,
        references=references,
    )


def entry(message: Message, thread: str = "", customer: str | None = None) -> ThreadEntry:
    return ThreadEntry(
        message_id=message.message_id or "",
        thread=thread or message.message_id or "",
        direction=Direction.INCOMING,
        customer_id=customer,
        contact_id=None,
        participants=frozenset(),
        subject=message.subject,
        date=message.date,
        replied=bool(message.in_reply_to),
    )


def linked(message: Message, *before: Message, known: dict[str, ThreadEntry] | None = None) -> list[str]:
    """The Message-IDs of those before that belong with the mail, found by the traces they left, or known."""
    known = known or {}
    found = {trace: entry(one) for one in before for trace in threads.left(one, threads.parties(one, FIRM), known)}
    links = threads.links(message, threads.parties(message, FIRM), known, found)
    return list(dict.fromkeys(one.message_id for one in links))


def test_a_mail_that_answers_nothing_begins_a_thread() -> None:
    assert threads.thread_of(mail("a@x"), (), {}) == "a@x"


def test_a_mail_without_message_id_has_a_thread_of_its_own() -> None:
    assert threads.thread_of(mail(None), (), {}) == "1:None"


def test_a_mail_with_the_message_id_of_another_has_a_thread_of_its_own() -> None:
    known = {"a@x": entry(mail("a@x"))}
    assert threads.thread_of(mail("a@x"), (), known) == "1:a@x"
    child = mail("b@x", ("a@x",))
    assert linked(mail("a@x"), child, known={}) == ["b@x"]
    # The trace was left before the answered mail came; whoever comes under its name after it finds nothing by it.
    left = dict.fromkeys(threads.left(child, ["@hansen.example"], {}), entry(child))
    assert threads.links(mail("a@x"), ["@hansen.example"], {}, left)
    assert not threads.links(mail("a@x"), ["@hansen.example"], known, left)


def test_the_nearest_known_parent_decides() -> None:
    known = {"b@x": entry(mail("b@x"), "near"), "a@x": entry(mail("a@x"), "far")}
    links = threads.links(mail("c@x", (), ("a@x", "b@x")), (), known, {})
    assert threads.thread_of(mail("c@x"), links, known) == "near"
    assert threads.joined(links) == ("near", "far")


def test_a_mail_that_answers_itself_begins_a_thread() -> None:
    assert threads.parents(mail("a@x", ("a@x",), ("a@x",))) == ()


def test_siblings_meet_though_what_they_answer_is_missing() -> None:
    first = mail("b@x", ("a@x",), ("r@x", "a@x"), subject="AW: Tor")
    assert linked(mail("c@x", ("a@x",), subject="Re: Tor"), first) == ["b@x"]
    assert linked(mail("c@x", (), ("r@x",), subject="Tor", sender=BERND), first) == ["b@x"]


def test_a_parent_that_comes_late_finds_its_answers() -> None:
    answer = mail("b@x", ("a@x",), subject="AW: Tor und noch etwas")
    assert linked(mail("a@x", subject="Tor", sender=US, to=(ANNA,)), answer) == ["b@x"]
    assert linked(mail("a@x", subject="Tor", sender=US, to=(FREE,)), answer) == []


def test_strangers_who_answer_one_circular_stay_apart() -> None:
    first = mail("b@x", ("circular@x",), subject="AW: Neue Preise")
    assert linked(mail("c@x", ("circular@x",), subject="AW: Neue Preise", sender=FREE), first) == []
    assert linked(mail("d@x", ("circular@x",), subject="AW: Neue Preise", sender="x@gmx.de"), first) == []


def test_people_of_one_free_provider_are_strangers() -> None:
    first = mail("b@x", ("a@x",), subject="AW: Tor", sender=FREE)
    assert linked(mail("c@x", ("a@x",), subject="AW: Tor", sender="x@gmx.de"), first) == []
    assert linked(mail("c@x", ("a@x",), subject="AW: Tor", sender=FREE.upper()), first) == ["b@x"]


def test_a_mail_to_which_a_program_refers_joins_nothing_when_it_comes_late() -> None:
    later = mail("c@x", (), ("b@x",), subject="Zäune im Angebot")
    assert linked(mail("b@x", subject="Tore im Angebot"), later) == []
    assert linked(mail("b@x", subject="Zäune im Angebot"), later) == ["c@x"]


def test_references_that_a_program_puts_into_all_its_mails_join_nothing() -> None:
    monday = mail("b@x", (), ("newsletter@x",), subject="Tore im Angebot")
    assert linked(mail("c@x", (), ("newsletter@x",), subject="Zäune im Angebot"), monday) == []
    known = {"b@x": entry(monday)}
    assert linked(mail("c@x", (), ("b@x",), subject="Zäune im Angebot"), known=known) == []
    assert linked(mail("c@x", (), ("b@x",), subject="AW: Tore im Angebot"), known=known) == ["b@x"]
    assert linked(mail("c@x", ("b@x",), (), subject="Etwas anderes"), known=known) == ["b@x"]


def test_mails_that_answer_one_another_are_one_thread() -> None:
    first = mail("a@x", ("b@x",))
    assert linked(mail("b@x", ("a@x",)), first, known={"a@x": entry(first)}) == ["a@x"]


def test_of_endless_references_the_nearest_and_the_first_leave_a_trace() -> None:
    message = mail("z@x", (), tuple(f"{no}@x" for no in range(1000)))
    left = threads.left(message, ["@hansen.example"], {})
    assert len(left) == 30
    assert {"999@x\n@hansen.example", "0@x\n@hansen.example"} <= set(left)
    assert len(threads.looked_for(message, [f"p{no}" for no in range(8)])) == 31 * 8


def test_threads_of_two_customers_stay_apart() -> None:
    links = (entry(mail("b@x"), customer="C2"), entry(mail("a@x"), customer="C1"))
    assert threads.joined(links) == ("b@x",)


QUESTION = mail("q@x", subject="Geländer Lindenhof", sender=US, to=(ANNA,))


@pytest.mark.parametrize("subject", ["AW: Geländer Lindenhof", "Re: AW: geländer  lindenhof"])
def test_an_answer_that_names_nothing_is_found_by_its_subject(subject: str) -> None:
    later = NOON + timedelta(days=2)
    assert linked(mail("b@x", subject=subject, date=later), QUESTION) == ["q@x"]


@pytest.mark.parametrize(
    "answer",
    [
        mail("b@x", subject="Geländer Lindenhof", date=NOON + timedelta(days=2)),
        mail("b@x", subject="AW: Geländer", date=NOON + timedelta(days=2)),
        mail("b@x", subject="AW: Geländer Lindenhof", date=NOON + timedelta(days=31)),
        mail("b@x", subject="AW: Geländer Lindenhof", date=NOON - timedelta(days=1)),
        mail("b@x", subject="AW: Geländer Lindenhof", date=None),
        mail("b@x", subject="AW: Geländer Lindenhof", sender=BERND, date=NOON + timedelta(days=2)),
        mail("b@x", subject="AW: Geländer Lindenhof", to=("post@muster.example",), date=NOON + timedelta(days=2)),
        mail("b@x", ("other@x",), subject="AW: Geländer Lindenhof", date=NOON + timedelta(days=2)),
    ],
    ids=[
        "no answer",
        "other subject",
        "too late",
        "too early",
        "no date",
        "other person",
        "to others",
        "names another",
    ],
)
def test_a_subject_alone_joins_nothing_else(answer: Message) -> None:
    assert linked(answer, QUESTION) == []


def test_a_subject_that_anybody_writes_joins_nothing() -> None:
    question = mail("q@x", subject="Ihre Anfrage", sender=US, to=(ANNA,))
    assert linked(mail("b@x", subject="AW: Ihre Anfrage", date=NOON + timedelta(days=1)), question) == []


def test_with_whom_a_mail_is_exchanged() -> None:
    assert threads.parties(mail("a@x", to=(US, FREE)), FIRM) == ("@hansen.example", "erika@gmx.de")
    assert threads.parties(mail("a@x", sender=US, to=(US,)), FIRM) == (US,)


def test_names_of_joined_threads() -> None:
    names = threads.ThreadNames()
    names.join("a", "b")
    names.join("b", "c")
    names.join("c", "a")
    assert names.name("a") == names.name("b") == names.name("c") == "c"
    assert names.name("d") == "d"
    for number in range(10_000):
        names.join(str(number), str(number + 1))
    assert names.name("0") == "10000"
