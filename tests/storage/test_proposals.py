"""Repairs of the address book that mails suggest: each once, decided once, and decided anew when that was wrong."""

from dataclasses import replace

from rules.terms.upkeep import Proposal, ProposalState
from storage.pool import Pool
from tests.storage.making import NOON, mail

INFO = frozenset({"info"})
GONE = Proposal("contact-left", 1, "C1", "P1", {"deputy": "Klein", "email": "k@x.example"}, "nicht mehr hier", NOON)


def test_a_proposal_comes_back_as_it_was_made(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1), mail("b", uid=2)])
        (number,) = work.proposals.add([GONE])
        kept = replace(GONE, id=number)
        assert work.proposals.get(number, INFO) == kept
        assert work.proposals.page(INFO) == [kept]
        assert work.proposals.of_message(1) == [kept]
        assert work.proposals.of_customer("C1", INFO) == [kept]
        assert work.proposals.of_customer("C2", INFO) == []


def test_the_same_repair_is_proposed_once_even_when_it_was_dismissed(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1), mail("b", uid=2)])
        (number,) = work.proposals.add([GONE])
        again = replace(GONE, message=2, quote="hat uns verlassen", payload=dict(reversed(list(GONE.payload.items()))))
        assert work.proposals.add([again]) == []
        assert work.proposals.resolve(number, ProposalState.DISMISSED, "anna", NOON)
        assert work.proposals.add([again]) == []
        assert len(work.proposals.add([replace(GONE, payload={}), again, replace(GONE, contact_id="")])) == 2


def test_a_decision_is_made_once_and_can_be_taken_back(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1)])
        (number,) = work.proposals.add([GONE])
        assert not work.proposals.reopen(number)
        assert work.proposals.resolve(number, ProposalState.ACCEPTED, "anna", NOON)
        assert not work.proposals.resolve(number, ProposalState.DISMISSED, "otto", NOON)
        decided = replace(GONE, id=number, state=ProposalState.ACCEPTED, staff="anna", at=NOON)
        assert work.proposals.page(INFO) == []
        assert work.proposals.page(INFO, ProposalState.ACCEPTED) == [decided]
        assert work.proposals.reopen(number)
        assert work.proposals.page(INFO) == [replace(GONE, id=number)]
        assert not work.proposals.resolve(99, ProposalState.ACCEPTED, "anna", NOON)


def test_what_a_mail_says_is_shown_to_those_who_may_read_it(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1, mailbox="chef"), mail("b", uid=2)])
        (first,) = work.proposals.add([GONE])
        work.proposals.add([replace(GONE, message=2, kind="phone")])
        assert [one.kind for one in work.proposals.page(INFO)] == ["phone"]
        assert [one.kind for one in work.proposals.page(None)] == ["phone", "contact-left"]
        assert work.proposals.get(first, INFO) is None
        assert [one.kind for one in work.proposals.of_customer("C1", INFO)] == ["phone"]


def test_pages_go_on_where_the_last_one_ended(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1)])
        work.proposals.add(replace(GONE, payload={"no": str(no)}) for no in range(5))
        first = work.proposals.page(INFO, limit=3)
        second = work.proposals.page(INFO, limit=3, before=first[-1].id)
    assert [one.payload["no"] for one in (*first, *second)] == ["4", "3", "2", "1", "0"]
