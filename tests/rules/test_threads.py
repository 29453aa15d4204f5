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


def test_references_without_the_mail_that_is_answered_are_broken() -> None:
    assert threads.thread_of(mail("b@x", ("a@x",), ("other@x",)), {}) == "a@x"


def test_a_mail_that_answers_itself_begins_a_thread() -> None:
    assert threads.thread_of(mail("a@x", ("a@x",), ("a@x",)), {}) == "a@x"


def test_an_earlier_root_gives_its_name_to_the_thread() -> None:
    known = {"a@x": entry("a@x", "a@x")}
    answer = mail("b@x", ("a@x",), ("ticket@x", "a@x"))
    assert threads.thread_of(answer, known) == "ticket@x"
    assert threads.joined(answer, "ticket@x", known) == ("a@x", "b@x")


def test_the_missing_parent_joins_what_came_before_it() -> None:
    known = {"a@x": entry("a@x", "a@x")}
    parent = mail("b@x", ("a@x",), ("a@x",))
    assert threads.thread_of(parent, known) == "a@x"
    assert threads.joined(parent, "a@x", known) == ("b@x",)


def test_a_mail_with_the_message_id_of_another_joins_nothing() -> None:
    known = {"a@x": entry("a@x", "a@x"), "b@x": entry("b@x", "b@x")}
    assert threads.joined(mail("b@x", ("a@x",)), "a@x", known) == ()


def test_threads_of_two_customers_stay_apart() -> None:
    known = {
        "a@x": ThreadEntry("a@x", "a@x", Direction.INCOMING, "C1", None, frozenset()),
        "b@x": ThreadEntry("b@x", "b@x", Direction.INCOMING, "C2", None, frozenset()),
    }
    assert threads.joined(mail("c@x", ("b@x",), ("a@x", "b@x")), "b@x", known) == ()


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
