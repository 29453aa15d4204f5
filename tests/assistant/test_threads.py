"""Threads in the pool: what belongs together meets, in whatever order it comes; strangers never do."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Protocol

import pytest

from assistant.intake import Batch, Intake
from assistant.triage import Triage
from rules.terms.mail import FolderRole, Mailbox, Placement, RawMail
from storage.pool import Pool
from tests.assistant.test_intake import FIRM, NOW, HereReader

OURS = "info@muster.example"
KARIN, PETER, ERIKA = "karin@hansen.example", "peter@hansen.example", "erika@gmx.de"


def mail(
    name: str, subject: str, sender: str = KARIN, to: str = OURS, *, reply: str = "", refs: str = "", day: int = 20
) -> bytes:
    named = f"In-Reply-To: <{reply}@x.example>\r\n" if reply else ""
    named += f"References: {' '.join(f'<{one}@x.example>' for one in refs.split())}\r\n" if refs else ""
    return (
        f"From: <{sender}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {day} Nov 2026 09:00:00 +0100\r\n"
        f"Message-ID: <{name}@x.example>\r\n{named}\r\nGuten Tag\r\n"
    ).encode()


class Threads(Protocol):
    def __call__(self, mails: Sequence[bytes], size: int = 1) -> list[frozenset[int]]: ...


@pytest.fixture
def threads(tmp_path: Path) -> Threads:
    """Which of some mails are one thread: taken in one by one, in two mailboxes in turn."""

    def found(mails: Sequence[bytes], size: int = 1) -> list[frozenset[int]]:
        pool = Pool.create(f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.sqlite", str(tmp_path / "blobs"))
        try:
            with pool.begin() as work:
                work.mailboxes.put(Mailbox("office"))
                work.mailboxes.put(Mailbox("anna", owner="anna"))
            intake = Intake(pool, HereReader(), Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]
            numbers: list[int] = []
            for start in range(0, len(mails), size):
                box = ("office", "anna")[start % 2]
                raws = [
                    RawMail(content, Placement(box, "INBOX", 7, start + no + 1), NOW)
                    for no, content in enumerate(mails[start : start + size])
                ]
                numbers += intake.receive(Batch(box, "INBOX", FolderRole.INBOX, tuple(raws))).new
            with pool.read() as work:
                names = [work.messages.get_many(numbers)[number].thread for number in numbers]
        finally:
            pool.close()
        return sorted((frozenset(no for no, one in enumerate(names) if one == name) for name in set(names)), key=min)

    return found


ONE_THREAD = {
    "a missing parent in the middle": [
        mail("a", "Tor"),
        mail("c", "Re: Tor", reply="b", refs="a b", day=22),
        mail("d", "AW: Tor", reply="b", day=23),
    ],
    "siblings of a missing root": [
        mail("b", "AW: Tor", refs="root a", reply="a"),
        mail("c", "AW: Tor", refs="root"),
        mail("d", "Re: Tor", PETER, reply="a"),
    ],
    "a parent that comes late": [
        mail("b", "AW: Tor", reply="a"),
        mail("c", "AW: Tor", reply="b"),
        mail("a", "Tor", OURS, KARIN, day=19),
    ],
    "a link that comes late": [
        mail("a", "Tor", day=19),
        mail("c", "AW: Tor", reply="b"),
        mail("b", "AW: Tor", OURS, KARIN, reply="a"),
    ],
    "a loop": [mail("a", "Tor", reply="b"), mail("b", "AW: Tor", reply="a"), mail("c", "AW: Tor", refs="c a")],
    "a ticket system": [
        mail("a", "Tor", OURS, KARIN),
        mail("b", "[Hansen #4711] AutoReply: Tor", reply="a", refs="ticket a"),
        mail("c", "[Hansen #4711] Resolved: Tor", refs="ticket"),
    ],
}


@pytest.mark.parametrize("name", ONE_THREAD)
def test_what_belongs_together_is_one_thread_in_whatever_order_it_comes(threads: Threads, name: str) -> None:
    for order in permutations(ONE_THREAD[name]):
        assert threads(order) == [frozenset({0, 1, 2})]


@pytest.mark.parametrize("name", ONE_THREAD)
def test_and_within_one_batch(threads: Threads, name: str) -> None:
    assert threads(ONE_THREAD[name][::-1], 100) == [frozenset({0, 1, 2})]


APART = {
    "answers of strangers to one circular": [
        mail("b", "AW: Neue Preise", reply="circular"),
        mail("c", "AW: Neue Preise", ERIKA, reply="circular"),
    ],
    "a program that sends all its mails with one reference": [
        mail("b", "Tore im Angebot", refs="newsletter"),
        mail("c", "Zäune im Angebot", refs="newsletter"),
    ],
    "a program that refers to its last mail": [mail("b", "Tore im Angebot"), mail("c", "Zäune im Angebot", refs="b")],
    "strangers with one subject": [mail("b", "Ihre Anzeige Nr. 4711"), mail("c", "AW: Ihre Anzeige Nr. 4711", ERIKA)],
    "one sender with one subject": [mail("b", "Tor Lindenhof defekt"), mail("c", "Tor Lindenhof defekt")],
    "an answer to what anybody writes": [mail("a", "Anfrage", OURS, KARIN), mail("b", "Re: Anfrage")],
    "a mail with the Message-ID of another": [mail("b", "Tor"), mail("b", "Zaun", ERIKA)],
}


@pytest.mark.parametrize("name", APART)
def test_strangers_are_never_put_together(threads: Threads, name: str) -> None:
    for order in permutations(APART[name]):
        assert threads(order) == [frozenset({0}), frozenset({1})]
    assert threads(APART[name], 100) == [frozenset({0}), frozenset({1})]


def test_an_answer_that_names_nothing_joins_what_it_answers(threads: Threads) -> None:
    question = mail("a", "Tor Lindenhof klemmt", OURS, KARIN, day=1)
    answer = mail("b", "AW: Tor Lindenhof klemmt", day=3)
    thanks = mail("c", "Re: AW: Tor Lindenhof klemmt", OURS, KARIN, day=4)
    assert threads([question, answer, thanks]) == [frozenset({0, 1, 2})]


def test_fifty_answers_to_a_circular_are_fifty_threads(threads: Threads) -> None:
    answers = [mail(f"a{no}", "AW: Preise", f"x@firm{no}.example", reply="circular") for no in range(50)]
    more = [mail(f"b{no}", "AW: Preise", f"y@firm{no}.example", reply="circular") for no in range(50)]
    assert threads([*answers, *more], 40) == [frozenset({no, no + 50}) for no in range(50)]
