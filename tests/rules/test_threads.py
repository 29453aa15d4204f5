"""Which thread a mail belongs to."""

from rules import threads
from rules.terms.mail import Address, Direction, Message
from rules.terms.pooled import ThreadEntry


def mail(message_id: str | None, replies: tuple[str, ...] = (), references: tuple[str, ...] = ()) -> Message:
    return Message(
        identity=f"1:{message_id}",
        message_id=message_id,
        sender=Address("anna@example.org"),
        subject="",
        date=None,
        text="",
        size=0,
        in_reply_to=replies,
        references=references,
    )


def entry(message_id: str, thread: str) -> ThreadEntry:
    return ThreadEntry(message_id, thread, Direction.INCOMING, None, None, frozenset())


def test_a_mail_that_answers_nothing_begins_a_thread() -> None:
    assert threads.thread_of(mail("a@x"), {}) == "a@x"


def test_a_mail_without_message_id_has_a_thread_of_its_own() -> None:
    assert threads.thread_of(mail(None), {}) == "1:None"


def test_a_known_parent_decides() -> None:
    assert threads.thread_of(mail("c@x", ("b@x",)), {"b@x": entry("b@x", "a@x")}) == "a@x"


def test_siblings_meet_before_their_parent_arrives() -> None:
    first = threads.thread_of(mail("b@x", ("a@x",), ("a@x",)), {})
    second = threads.thread_of(mail("c@x", ("b@x",), ("a@x", "b@x")), {})
    assert first == second == threads.thread_of(mail("a@x"), {})


def test_the_nearest_known_parent_wins() -> None:
    known = {"b@x": entry("b@x", "near"), "a@x": entry("a@x", "far")}
    assert threads.thread_of(mail("c@x", (), ("a@x", "b@x")), known) == "near"
