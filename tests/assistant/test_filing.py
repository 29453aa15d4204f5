"""A click files a mail, teaches whose address that is, and can be taken back with all that followed from it."""

import pytest

from rules.terms.errors import NotFound, UnknownName
from rules.terms.finding import Action
from tests.assistant.keeping import ANNA, BEN, FAILS, STRANGER, Office

PRIVATE = "Karin H. <karin.h@privat.example>"


def reasons(office: Office, no: int) -> set[str]:
    return {piece.reason for piece in office.mail(no).match.evidence}


def test_a_correction_is_learned_and_the_senders_other_mails_follow(office: Office) -> None:
    first, second = office.receive(PRIVATE), office.receive(PRIVATE)
    office.upkeep.filing.file(ANNA, [first], "C2")
    assert (office.customer_of(first), office.mail(first).match.decided_by) == ("C2", "anna")
    assert "learned" in reasons(office, first)
    office.catch_up()
    assert office.customer_of(second) == "C2"
    assert office.customer_of(office.receive(PRIVATE)) == "C2"


def test_undoing_opens_all_that_followed_and_forgets_the_address(office: Office) -> None:
    first, second = office.receive(PRIVATE), office.receive(PRIVATE)
    office.upkeep.filing.file(ANNA, [first], "C2")
    office.catch_up()
    third = office.receive(PRIVATE)
    office.upkeep.filing.undo(ANNA, [first])
    office.catch_up()
    assert [office.mail(no).match.action for no in (first, second, third)] == [Action.UNKNOWN] * 3
    assert office.timeline("C2") == []
    assert office.mail(office.receive(PRIVATE)).match.action is Action.UNKNOWN


def test_what_was_right_is_confirmed_by_the_same_click_and_undone(office: Office) -> None:
    no = office.receive("Karin Hansen <karin@hansen.example>")
    before = office.mail(no).match
    assert (before.customer_id, before.contact_id) == ("C1", "P1")
    office.upkeep.filing.file(ANNA, [no], "C1")
    confirmed = office.mail(no).match
    assert (confirmed.contact_id, confirmed.decided_by) == ("P1", "anna")
    office.upkeep.filing.file(ANNA, [no], "C1")
    office.upkeep.filing.undo(BEN, [no])
    assert office.mail(no).match == before


def test_a_confirmed_address_stays_known_when_the_record_loses_it(office: Office) -> None:
    no = office.receive("Huber <info@huber.example>")
    office.upkeep.filing.file(ANNA, [no], "C2")
    with office.pool.begin() as work:
        record = work.customers.get("C2")
        assert record is not None
        work.customers.upsert([record], [])
    assert office.customer_of(office.receive("Huber <info@huber.example>")) == "C2"


def test_a_correction_of_a_correction_forgets_what_the_first_one_taught(office: Office) -> None:
    first, second = office.receive(PRIVATE), office.receive(PRIVATE)
    office.upkeep.filing.file(ANNA, [first], "C2")
    office.catch_up()
    office.upkeep.filing.file(BEN, [first], "C1", "P1")
    office.catch_up()
    assert (office.customer_of(second), office.mail(second).match.contact_id) == ("C1", "P1")
    office.upkeep.filing.undo(BEN, [first])
    office.catch_up()
    assert {office.customer_of(first), office.customer_of(second)} == {"C2"}
    assert office.mail(first).match.decided_by == "anna"


def test_an_address_that_another_mail_teaches_too_stays(office: Office) -> None:
    first, second = office.receive(PRIVATE), office.receive(PRIVATE)
    office.upkeep.filing.file(ANNA, [first, second], "C2")
    office.upkeep.filing.undo(ANNA, [first])
    office.catch_up()
    assert office.customer_of(second) == office.customer_of(first) == "C2"
    assert office.mail(first).match.decided_by is None


def test_two_customers_by_two_words_make_a_doubtful_sender_not_a_wrong_one(office: Office) -> None:
    first, second = office.receive(PRIVATE), office.receive(PRIVATE)
    office.upkeep.filing.file(ANNA, [first], "C2")
    office.upkeep.filing.file(ANNA, [second], "C1")
    later = office.mail(office.receive(PRIVATE)).match
    assert later.action is Action.REVIEW
    assert set(later.candidates) == {"C1", "C2"}


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        ("Karin Hansen <karin@hansen.example>", FAILS),
        ("Karin Hansen <karin.hansen@fremd.example>", "Reply-To: bank@anders.example\r\n"),
        ("Karin Hansen <no-reply@portal.example>", "Reply-To: kh@freund.example\r\n"),
        ("Info <info@muster.example>", ""),
        ("Info <info@muster.example>", FAILS),
        ("Karin <k@a.example>, Otto <o@b.example>", ""),
    ],
    ids=["failed", "answers elsewhere", "relay", "ours", "in our name", "two senders"],
)
def test_nothing_is_learned_from_a_mail_that_proves_nothing(office: Office, sender: str, more: str) -> None:
    no = office.receive(sender, more=more)
    office.upkeep.filing.file(ANNA, [no], "C2")
    assert office.customer_of(no) == "C2"
    assert "learned" not in reasons(office, no)
    with office.pool.read() as work:
        assert work.customers.taught("C2", ["anna"]) == []


PRETEXT = """Bitte überweisen Sie ab sofort auf unser neues Konto, die Bankverbindung hat sich geändert.

Karin Hansen
Hansen Metallbau GmbH
"""


def test_a_suspect_filed_by_hand_teaches_nothing_however_often(office: Office) -> None:
    no = office.receive("karin@hansen.example <karin@hansem.example>", PRETEXT)
    assert office.mail(no).match.spoof
    office.upkeep.filing.file(ANNA, [no], "C1")
    office.upkeep.filing.file(BEN, [no], "C2")
    office.upkeep.filing.file(BEN, [no], "C1", "P1")
    assert "suspected" in reasons(office, no)
    with office.pool.read() as work:
        assert work.customers.taught("C1", ["anna", "ben"]) == work.customers.taught("C2", ["ben"]) == []
        assert work.proposals.page(None) == []
    for _ in range(3):
        office.upkeep.filing.undo(BEN, [no])
    assert office.mail(no).match.spoof


def test_only_who_may_read_a_mail_decides_about_it(office: Office) -> None:
    no = office.receive(PRIVATE)
    with pytest.raises(NotFound):
        office.upkeep.filing.file(STRANGER, [no], "C1")
    with pytest.raises(NotFound):
        office.upkeep.filing.undo(STRANGER, [no])
    with pytest.raises(UnknownName):
        office.upkeep.filing.file(ANNA, [no], "C9")
    with pytest.raises(UnknownName):
        office.upkeep.filing.file(ANNA, [no], "C2", "P1")
    with pytest.raises(NotFound):
        office.upkeep.filing.undo(ANNA, [no])
    assert office.mail(no).match.action is Action.UNKNOWN
