"""The outbox, invitations, teams, snippets and words of cases on both databases."""

from datetime import date, timedelta
from typing import Any

from rules.terms.case import Case, CaseEvent, CaseEventKind, CaseFilter
from rules.terms.complaint import Category
from rules.terms.customer import Customer
from rules.terms.outgoing import Invitation, OutgoingKind, OutgoingMail, OutgoingState
from rules.terms.snippet import Snippet
from rules.terms.staff import Staff
from rules.terms.team import AwayTime, Team
from storage.pool import Pool
from storage.restrictions import Restriction
from tests.storage.making import NOON
from tests.storage.making import mail as incoming

DAY = date(2026, 11, 23)


def mail(once: str, **more: Any) -> OutgoingMail:
    values: dict[str, Any] = {"customer_id": "C1", "due": NOON, **more}
    to, id = "karin@hansen.example", f"{once}@firma.example"
    return OutgoingMail(OutgoingKind.ACKNOWLEDGEMENT, to, "Danke", "Text", once, id, NOON, **values)


def put(pool: Pool, once: str, **more: Any) -> OutgoingMail:
    with pool.begin() as work:
        made = work.outbox.put(mail(once, **more))
    assert made is not None
    return made


def test_a_mail_is_taken_once_claimed_once_and_settled(pool: Pool) -> None:
    made = put(pool, "a")
    with pool.begin() as work:
        assert work.outbox.put(mail("a")) is None
        assert work.outbox.due(NOON - timedelta(seconds=1)) == []
        assert work.outbox.due(NOON) == [made]
        assert work.outbox.claim(made.id, NOON)
        assert not work.outbox.claim(made.id, NOON)
        assert work.outbox.due(NOON) == []
        assert work.outbox.stuck(NOON) == []
        assert [one.id for one in work.outbox.stuck(NOON + timedelta(minutes=1))] == [made.id]
        assert not work.outbox.cancel(made.id, NOON)
        later = NOON + timedelta(minutes=5)
        work.outbox.settle(made.id, OutgoingState.PENDING, NOON, due=later, error=("no", "nein"))
        (again,) = work.outbox.due(later)
        assert (again.tries, again.error_en, again.text) == (1, "no", "Text")
        work.outbox.claim(made.id, later)
        work.outbox.settle(made.id, OutgoingState.SENT, later)
        sent = work.outbox.get(made.id)
        assert sent is not None
        assert (sent.state, sent.text, sent.tries) == (OutgoingState.SENT, "", 2)
        # What is sent stays so, whoever comes late.
        work.outbox.settle(made.id, OutgoingState.UNCERTAIN, later)
        assert not work.outbox.again(made.id, later)
        assert not work.outbox.cancel(made.id, later)
        assert work.outbox.ours(["a@firma.example", "b@firma.example"]) == {"a@firma.example"}


def test_mails_are_counted_paged_and_forgotten_when_they_came_to_an_end(pool: Pool) -> None:
    numbers = [put(pool, str(number)).id for number in range(5)]
    with pool.begin() as work:
        for number, state in zip(numbers, (OutgoingState.FAILED, OutgoingState.UNCERTAIN), strict=False):
            work.outbox.claim(number, NOON)
            work.outbox.settle(number, state, NOON)
        box = work.outbox
        assert [one.id for one in box.page(limit=2)] == numbers[:2:-1]
        assert [one.id for one in box.page(before=numbers[2])] == numbers[1::-1]
        assert box.count([OutgoingState.FAILED, OutgoingState.UNCERTAIN], 99) == 2
        assert box.count([OutgoingState.PENDING], 2) == 2
        kind = OutgoingKind.ACKNOWLEDGEMENT
        assert box.since(kind, NOON - timedelta(days=1), recipient="karin@hansen.example") == 5
        assert box.since(kind, NOON - timedelta(days=1), customer_id="C2") == 0
        assert box.since(OutgoingKind.ALARM, NOON - timedelta(days=1)) == box.since(kind, NOON) == 0
        assert box.forget(NOON + timedelta(days=1)) == 2
        assert len(box.page()) == 3


def test_what_goes_out_follows_a_merge_and_goes_with_the_customer(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Huber")], [])
        work.outbox.put(mail("a"))
        work.outbox.put(mail("b", customer_id=None))
        work.invitations.put(Invitation("digest", "C1", "", 7, "de", NOON, NOON + timedelta(days=9)))
        number = work.merges.merge("C2", "C1", "anna", NOON)
        found = work.invitations.get("digest")
        assert found is not None
        assert [found.customer_id, work.outbox.page()[1].customer_id] == ["C2", "C2"]
        work.merges.undo(number, "anna", NOON)
        assert work.invitations.last_of("C1") == NOON
        assert work.invitations.last_of("C2") is None
        work.invitations.answer("digest", NOON)
        work.invitations.answer("digest", NOON + timedelta(days=1))
        assert work.invitations.get("digest") == Invitation(
            "digest", "C1", "", 7, "de", NOON, NOON + timedelta(9), NOON
        )
        work.erasures.erase_customers(["C1"])
        assert work.invitations.get("digest") is None
        assert [one.once for one in work.outbox.page()] == ["b"]
        work.erasures.erase_addresses(["karin@hansen.example"])
        assert work.outbox.page() == []


def test_teams_and_absences(pool: Pool) -> None:
    with pool.begin() as work:
        for login in ("anna", "otto"):
            work.staff.put(Staff(login, login))
        work.teams.put(Team("Versand", frozenset({"anna", "otto"})))
        work.teams.put(Team("Einkauf", frozenset({"otto"})))
        work.teams.put(Team("Versand", frozenset({"anna"})))
        assert work.teams.all() == [Team("Einkauf", frozenset({"otto"})), Team("Versand", frozenset({"anna"}))]
        assert (work.teams.of("anna"), work.teams.exists("Versand")) == (["Versand"], True)
        assert work.teams.remove("Einkauf")
        assert not work.teams.remove("Einkauf")
        work.teams.set_away(AwayTime("anna", DAY, DAY + timedelta(days=3), "otto"))
        work.teams.set_away(AwayTime("anna", DAY, DAY + timedelta(days=2), "otto"))
        assert work.teams.away(DAY + timedelta(days=2)).keys() == {"anna"}
        assert work.teams.away(DAY + timedelta(days=3)) == work.teams.away(DAY - timedelta(days=1)) == {}
        assert work.teams.forget_away(DAY + timedelta(days=2)) == 0
        assert work.teams.forget_away(DAY + timedelta(days=3)) == 1


def test_snippets_are_kept_removed_and_swept(pool: Pool) -> None:
    with pool.begin() as work:
        made = work.snippets.put(Snippet("B", "x", Category.DELIVERY, "de", "Du", "anna"), NOON)
        work.snippets.put(Snippet("a", "y", language="en"), NOON)
        assert [one.title for one in work.snippets.all()] == ["a", "B"]
        assert work.snippets.all("de") == [made]
        assert work.snippets.remove(made.id, NOON)
        assert work.snippets.get(made.id) is None
        assert work.snippets.remove(made.id, None)
        assert work.snippets.get(made.id) == made
        work.snippets.remove(made.id, NOON)
        assert work.snippets.sweep(NOON + timedelta(days=1)) == 1
        assert not work.snippets.is_removed(made.id)


def test_a_case_is_found_by_its_own_words_and_no_longer_when_it_goes(pool: Pool) -> None:
    def found(text: str) -> list[int]:
        return [one.id for one in work.cases.page(CaseFilter(text=text), None, NOON)]

    with pool.begin() as work:
        made = work.cases.open(Case("complaints", "Großlieferung Müller", "", NOON, 8, tags=("werk-2",)), [])
        for text in ("grosslieferung", "GROẞLIEF", "mueller werk", "muller 2"):
            assert found(text) == [made.id], text
        assert found("mueller fehlt") == found("werk3") == []
        work.cases.change(made, made, CaseEvent(made.id, CaseEventKind.NOTED, NOON, "anna", "Rückruf, 50 % erledigt_"))
        assert found("rueckruf 50") == [made.id]
        work.cases.undo(made.id, None)
        assert found("rückruf") == []


def test_of_a_case_only_who_may_see_it_sees_what_goes_out_and_of_restricted_customers_nobody(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Huber")], [])
        (letter,) = work.messages.add([incoming("geheim", mailbox="berta")])
        closed = work.cases.open(Case("complaints", "Geheim", "", NOON, 8), [letter])
    put(pool, "a", case=closed.id)
    alarm = put(pool, "b", customer_id=None)
    other = put(pool, "c", customer_id="C2")
    with pool.begin() as work:
        assert len(work.outbox.page(mailboxes=["berta"])) == len(work.outbox.page()) == 3
        assert [one.id for one in work.outbox.page(mailboxes=["info"])] == [other.id, alarm.id]
        work.restrictions.put(Restriction("C2", NOON, None, "adam"))
        assert [one.id for one in work.outbox.page(mailboxes=["info"])] == [alarm.id]
        assert work.outbox.get(other.id, ["info"]) is None
        assert work.outbox.get(alarm.id, ["info"]) == alarm
