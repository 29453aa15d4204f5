"""Threads of stored mail, and by what a later mail finds the one it belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from rules import threads
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction
from rules.terms.pooled import NewMail
from storage.migrations.versions import m0004_threads
from storage.pool import Pool
from tests.storage.making import ERIKA, NOON, identity, mail

FIRM = Firm(domains=frozenset({"firma.example"}))


def tracing(name: str, *traces: str, uid: int = 1, thread: str | None = None) -> NewMail:
    return replace(mail(name, uid=uid, thread=thread), traces=traces)


def test_a_mail_is_found_by_the_traces_it_left(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([tracing("a", "x@y\nErika", "z@y\nErika"), tracing("b", uid=2)])
        found = work.messages.found_by(["x@y\nErika", "z@y\nErika", "x@y\nMax", ""])
    assert {trace: entry.message_id for trace, entry in found.items()} == {
        "x@y\nErika": "a@example.org",
        "z@y\nErika": "a@example.org",
    }
    entry = found["x@y\nErika"]
    assert (entry.subject, entry.date, entry.thread) == ("Angebot", NOON - timedelta(minutes=1), identity("a"))


def test_of_several_mails_that_left_one_trace_the_latest_counts(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([tracing("a", "x"), tracing("b", "x", uid=2)])
        assert work.messages.found_by(["x"])["x"].message_id == "b@example.org"
        work.messages.add([tracing("c", "x", uid=3)])
        assert work.messages.found_by(["x"])["x"].message_id == "c@example.org"


def test_a_trace_leads_to_the_thread_under_its_present_name(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([tracing("a", "x", thread="before")])
        work.messages.rename_thread("before", "since")
        assert work.messages.found_by(["x"])["x"].thread == "since"


def test_traces_may_be_of_any_text_and_number(pool: Pool) -> None:
    odd = ["\0", "\ud800", "ü" * 5000, *(f"{no}" for no in range(1300))]
    with pool.begin() as work:
        work.messages.add([tracing("a", *odd)])
        assert set(work.messages.found_by(odd)) == set(odd)


def test_the_traces_of_an_erased_mail_are_gone(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([tracing("a", "x")])
    with pool._writing_alone() as connection:
        connection.execute(text("delete from placements"))
        connection.execute(text("delete from messages"))
        assert connection.scalar(text("select count(*) from traces")) == 0


def answering(name: str, references: Sequence[str], uid: int, sender: Address = ERIKA) -> NewMail:
    new = mail(name, uid=uid, sender=sender)
    return replace(new, message=replace(new.message, in_reply_to=(references[-1],), references=tuple(references)))


def test_an_older_pool_gets_the_traces_of_its_mail(pool: Pool) -> None:
    """Those that its mails would leave today, so that the next answer finds its siblings."""
    free = Address("Max@GMX.de", "Max")
    mails = [
        answering("a", ["root@example.org"], 1),
        answering("b", ["root@example.org", "a@example.org", "gone\0@example.org"], 2, free),
        mail("c", uid=3),
        answering("d", [f"{no}@example.org" for no in range(100)], 4),
    ]
    with pool.begin() as work:
        work.messages.add(mails)
    with pool._writing_alone() as connection:
        # That step once more, by itself.
        connection.execute(text("drop table traces"))
        with Operations.context(MigrationContext.configure(connection)):
            m0004_threads.upgrade()
    with pool.read() as work:
        for no, new in enumerate(mails, 1):
            message = new.message
            left = threads.left(replace(message, subject=""), threads.parties(message, FIRM), {"a@example.org"})
            found = work.messages.found_by(left)
            assert set(found) == set(left), no
            assert {entry.message_id for entry in found.values()} <= {message.message_id, "b@example.org"}
        assert not work.messages.found_by(["a@example.org\nmax@gmx.de"])


def test_participants_of_a_thread_entry_are_everybody_in_small_letters(pool: Pool) -> None:
    new = mail(sender=Address("Erika@Example.org"))
    full = replace(
        new.message,
        reply_to=(Address("antwort@example.org"),),
        to=(Address("info@firma.example"), Address("B@firma.example")),
        cc=(Address("", "undisclosed"),),
        bcc=(Address("still@firma.example"),),
    )
    with pool.begin() as work:
        work.messages.add([replace(new, message=full, direction=Direction.OUTGOING)])
        entry = work.messages.thread_entries(["a@example.org"])["a@example.org"]
    assert entry.participants == {"erika@example.org", "antwort@example.org", "info@firma.example", "b@firma.example"}
    assert entry.direction is Direction.OUTGOING


def test_a_thread_is_listed_in_order_and_can_be_joined_to_another(pool: Pool) -> None:
    mails = [
        mail(name, uid=uid, thread=thread, arrived=NOON + timedelta(hours=hours))
        for uid, (name, thread, hours) in enumerate([("a", "t1", 3), ("b", "t1", 1), ("c", "t2", 2), ("d", "t3", 0)], 1)
    ]
    with pool.begin() as work:
        a, b, c, _ = work.messages.add(mails)
        assert work.messages.thread("t1") == [b, a]
        assert work.messages.rename_thread("t2", "t1") == 1
        assert work.messages.thread("t1") == [b, c, a]
        assert work.messages.thread("t1", limit=2) == [c, a]
        assert work.messages.thread("t2") == []
