"""Likely duplicates and referrals in the pool: what staff said stays, whatever is merged, imported or found anew."""

from datetime import date, timedelta

from rules.terms.customer import Customer
from rules.terms.finding import Evidence
from rules.terms.target import Filters
from rules.terms.worth import Bar
from storage.duplicates import Duplicate, DuplicateState
from storage.pool import Pool, Work
from storage.referrals import Referral
from tests.storage.making import NOON

TODAY = NOON.date()
CUSTOMERS = [Customer(f"C{number}", f"Kunde {number}") for number in range(1, 6)]


def pair(one: str, other: str, confidence: float = 0.9) -> Duplicate:
    return Duplicate(one, other, (Evidence("firm", "Kunde"), Evidence("phone", "1")), confidence, NOON)


def shown(work: Work, today: date = TODAY) -> list[tuple[str, str]]:
    return [(one.one, one.other) for one in work.duplicates.page(today)]


def test_pairs_are_kept_once_surest_first_and_dropped_when_not_found_again(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        for _ in range(2):
            work.duplicates.settle(["C1", "C3"], [pair("C1", "C2", 0.85), pair("C3", "C4", 0.95)])
        assert shown(work) == [("C3", "C4"), ("C1", "C2")]
        last = work.duplicates.page(TODAY, 1)[0]
        assert [one.one for one in work.duplicates.page(TODAY, 5, (last.confidence, last.id))] == ["C1"]
        work.duplicates.settle(["C2"], [])
        assert shown(work) == [("C3", "C4")]
        assert work.duplicates.page(TODAY, customer_id="C1") == []


def test_what_staff_called_two_stays_two_through_new_walks_and_merges(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        work.duplicates.settle(["C1"], [pair("C1", "C2")])
        [found] = work.duplicates.page(TODAY)
        work.duplicates.say(found.id, DuplicateState.DISTINCT, "anna", NOON)
        work.duplicates.settle(["C1", "C2"], [pair("C1", "C2")])
        assert shown(work) == []
        # C2 becomes part of C3: C1 and C3 are two as well.
        number = work.merges.merge("C3", "C2", "anna", NOON)
        work.duplicates.settle(["C1", "C3"], [pair("C1", "C3")])
        assert shown(work) == []
        work.merges.undo(number, "anna", NOON)
        kept = work.duplicates.get(found.id)
        assert kept is not None
        assert (kept.state, kept.staff) == (DuplicateState.DISTINCT, "anna")
        work.duplicates.say(found.id, DuplicateState.OPEN, "anna", NOON)
        assert shown(work) == [("C1", "C2")]


def test_what_is_put_off_comes_back_and_what_is_merged_or_erased_goes(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        work.duplicates.settle(["C1", "C3"], [pair("C1", "C2"), pair("C3", "C4")])
        first = work.duplicates.page(TODAY)[-1]
        work.duplicates.say(first.id, DuplicateState.LATER, "anna", NOON, TODAY + timedelta(days=30))
        assert shown(work) == [("C3", "C4")]
        assert len(shown(work, TODAY + timedelta(days=31))) == 2
        number = work.merges.merge("C3", "C4", "anna", NOON)
        assert shown(work) == []
        work.merges.undo(number, "anna", NOON)
        assert shown(work) == [("C3", "C4")]
        work.customers.remove("C4")
        assert shown(work) == []


def referral(customer: str, by: str) -> Referral:
    return Referral(customer, by, TODAY, "anna")


def test_referrals_follow_merges_and_are_counted(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        assert work.referrals.add(referral("C2", "C1"))
        assert not work.referrals.add(referral("C2", "C1"))
        assert work.referrals.add(referral("C3", "C1"))
        assert work.referrals.brought_by("C1") == ["C2", "C3"]
        assert work.referrals.leads_to("C3", "C1")
        assert not work.referrals.leads_to("C1", "C3")
        number = work.merges.merge("C5", "C1", "anna", NOON)
        assert [one.referrer for one in work.referrals.of("C2")] == ["C5"]
        assert not work.referrals.add(referral("C2", "C5"))
        assert [(one.customer.id, one.count) for one in work.referrals.referrers()] == [("C5", 2)]
        # Who brought somebody and became one with them brought nobody.
        inner = work.merges.merge("C5", "C2", "anna", NOON)
        assert work.referrals.of("C5") == []
        assert work.referrals.brought_by("C5") == ["C3"]
        work.merges.undo(inner, "anna", NOON)
        work.merges.undo(number, "anna", NOON)
        assert [one.referrer for one in work.referrals.of("C2")] == ["C1"]
        assert work.referrals.remove("C2", "C1")
        assert not work.referrals.remove("C2", "C1")
        work.customers.remove("C1")
        assert work.referrals.of("C3") == []


def test_an_objection_to_advertising_survives_a_merge_and_its_undoing(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert(CUSTOMERS, [])
        work.decisions.bar("C1", Bar.OBJECTION, TODAY, "Brief")
        work.decisions.bar("C2", Bar.OBJECTION, TODAY, "Anruf")
        work.decisions.bar("C2", Bar.COLLECTION, TODAY, "anna")
        number = work.merges.merge("C1", "C2", "anna", NOON)
        assert work.decisions.bars(["C1"]) == {"C1": {Bar.OBJECTION, Bar.COLLECTION}}
        work.merges.undo(number, "anna", NOON)
        assert work.decisions.bars(["C1", "C2"]) == {
            "C1": {Bar.OBJECTION},
            "C2": {Bar.OBJECTION, Bar.COLLECTION},
        }


def test_large_and_small_letters_are_alike_to_a_target_group_whatever_the_alphabet(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Kunde 1", city="ÖHRINGEN"), Customer("C2", "Kunde 2", city="Ulm")], [])
        work.particulars.add("C1", "Ölfilter nur von Mahle", None, "anna", TODAY)
        for wanted in (Filters(city="Öhringen"), Filters(particular="ÖLFILTER")):
            assert [one.id for one in work.targets.page(wanted, TODAY, 5)] == ["C1"]
