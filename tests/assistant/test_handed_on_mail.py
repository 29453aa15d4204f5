"""A complaint that a colleague hands on, in the pool: whose it is, its case, and that it is told once."""

import re
from dataclasses import replace

import pytest

from assistant.complaints.feedback import labelled
from assistant.intake import Intake
from assistant.rulings import Rulings
from rules.terms.case import CaseEventKind, CaseFilter, CaseState, CaseView
from rules.terms.complaint import Category, FindingState
from rules.terms.errors import WrongUse
from rules.terms.mail import Mailbox
from storage.pool import Pool
from tests.assistant.test_findings import (
    ANNA,
    FIRM,
    NOW,
    HereReader,
    WordAssessor,
    batch,
    beside,
    intake,
    kept,
    mail,
    of_customer,
    pool,
    reader,
    reassess,
    rulings,
    states,
)

__all__ = ["intake", "pool", "reader", "rulings"]

OWN = "olaf@muster.example"


def forward(
    text: str, sender: str = "Karin Hansen <karin@hansen.example>", note: str = "bitte kümmern", **more: str
) -> bytes:
    """Olaf hands on to the office what Karin wrote to him."""
    heads = f"Von: {sender}\r\nGesendet: Freitag, 20. November 2026 10:12\r\nAn: Olaf <{OWN}>\r\nBetreff: Ware"
    made = mail(more.pop("name", "w"), f"{note}\r\n\r\n{heads}\r\n\r\n{text}", OWN, **more)
    return re.sub(rb"Subject: \w+", b"Subject: WG: Ware", made).replace(b"09:00:00", b"12:00:00")


def cases(pool: Pool) -> list[tuple[str | None, str, CaseState]]:
    with pool.read() as work:
        found = work.cases.page(CaseFilter(CaseView.PENDING), None, NOW)
    return [(case.customer_id, case.queue, case.state) for case in found]


def test_it_is_the_customers_complaint_and_the_case_is_theirs(pool: Pool, intake: Intake) -> None:
    received = intake.receive(batch(forward("Die Ware ist falsch.")))
    (no,) = received.new
    found = kept(pool)[no]
    assert (found.state, found.customer_id, found.category) == (FindingState.OPEN, "C1", Category.DELIVERY)
    assert cases(pool) == [("C1", "complaints", CaseState.NEW)]
    assert len(received.cases) == 1
    shown = beside(pool, ANNA, no)
    assert shown.complaint is not None
    assert shown.complaint.message == no
    assert of_customer(pool, ANNA).complaint is not None
    assert of_customer(pool, ANNA).cases[0].id == shown.cases[0].id


def test_our_own_note_above_it_counts_for_nothing(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(forward("Bitte liefern Sie am Montag.", note="Das ist doch falsch!")))
    assert kept(pool) == {}
    assert cases(pool) == []


@pytest.mark.parametrize("text", ["vielleicht", "erledigt", "Guten Tag"])
def test_only_a_complaint_opens_a_case(pool: Pool, intake: Intake, text: str) -> None:
    intake.receive(batch(forward(text)))
    assert cases(pool) == []


def test_what_a_mere_supplier_wrote_is_shown_nowhere(pool: Pool, intake: Intake) -> None:
    (no,) = intake.receive(batch(forward("falsch", "Stahl AG <verkauf@stahl.example>"))).new
    assert beside(pool, ANNA, no).complaint is None
    with pool.read() as work:
        assert work.findings.page(FindingState.OPEN, ANNA.mailboxes) == []
    assert cases(pool) == []


@pytest.mark.parametrize("together", [True, False])
def test_where_the_mail_itself_is_here_it_is_told_once(pool: Pool, intake: Intake, together: bool) -> None:
    mails = [mail("Ware", "falsch"), forward("falsch", more="References: <Ware@hansen.example>\r\n")]
    if together:
        first, _ = intake.receive(batch(*mails)).new
    else:
        (first,) = intake.receive(batch(mails[0])).new
        intake.receive(batch(mails[1], first=2))
    assert list(kept(pool)) == [first]
    assert len(cases(pool)) == 1
    with pool.read() as work:
        kinds = {event.kind for event in work.cases.history(1)}
    assert CaseEventKind.FORWARDED in kinds
    assert CaseEventKind.ANSWERED not in kinds


def test_without_a_thread_the_same_words_are_told_once_too(pool: Pool, intake: Intake) -> None:
    first, _ = intake.receive(batch(mail("Ware", "falsch"), forward("falsch"))).new
    assert list(kept(pool)) == [first]
    assert len(cases(pool)) == 1


def test_where_the_mail_itself_lies_in_a_closed_mailbox_it_is_told_to_the_others(pool: Pool, intake: Intake) -> None:
    (closed,) = intake.receive(batch(mail("Ware", "falsch"), mailbox="berta")).new
    (no,) = intake.receive(batch(forward("falsch"))).new
    assert list(kept(pool)) == [closed, no]
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("lager", members=frozenset({"lena"})))
    (third,) = intake.receive(batch(forward("falsch", name="v"), mailbox="lager")).new
    assert third not in kept(pool)  # everybody reads the office


def test_old_mail_that_is_handed_on_today_is_news(pool: Pool, intake: Intake) -> None:
    (old,) = intake.receive(batch(mail("Ware", "falsch"), history=True)).new
    (no,) = intake.receive(batch(forward("falsch"), first=2)).new
    assert states(pool) == {old: FindingState.HISTORY, no: FindingState.OPEN}
    (third,) = intake.receive(batch(forward("falsch", name="v"), first=3, history=True)).new
    assert third not in kept(pool)


def test_stored_mail_is_looked_through_for_it(pool: Pool, intake: Intake, reader: HereReader) -> None:
    reader.assessor = None
    own = mail("b", "falsch", OWN)
    no, _ = intake.receive(batch(forward("falsch"), own)).new
    assert kept(pool) == {}
    reader.assessor = WordAssessor()
    assert reassess(pool, reader)
    assert states(pool) == {no: FindingState.HISTORY}


def test_staff_may_say_of_it_what_they_say_of_any(pool: Pool, intake: Intake, rulings: Rulings) -> None:
    plain, own = intake.receive(batch(forward("Guten Tag"), mail("b", "Guten Tag", OWN))).new
    rulings.say(ANNA, plain, flag=True)
    assert states(pool) == {plain: FindingState.CONFIRMED}
    assert [one[0] for one in cases(pool)] == ["C1"]
    with pytest.raises(WrongUse):
        rulings.say(ANNA, own, flag=True)
    (taught,) = labelled(pool, FIRM)
    assert (taught["text"], taught["subject"], taught["flag"]) == ("Guten Tag", "Ware", True)


def test_a_strangers_complaint_that_is_handed_on_is_found_too(pool: Pool, intake: Intake) -> None:
    (no,) = intake.receive(batch(forward("falsch", "Erika Neu <erika@gmx.example>"))).new
    found = kept(pool)[no]
    assert (found.state, found.customer_id) == (FindingState.OPEN, None)
    assert cases(pool) == [(None, "complaints", CaseState.NEW)]


def test_a_forward_that_pretends_to_be_ours_gives_nobody_priority(pool: Pool, intake: Intake) -> None:
    forged = "Authentication-Results: mx.muster.example; dmarc=fail header.from=muster.example\r\n"
    (no,) = intake.receive(batch(forward("falsch", more=forged))).new
    assert kept(pool)[no].customer_id is None
    assert of_customer(pool, ANNA).complaint is None
    assert replace(kept(pool)[no], history=False).flag
