"""Timelines: nothing twice, newest first, every mail under the customer it belongs to."""

from datetime import timedelta

import pytest

from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Address, Direction, Placement, Verdict
from storage.pool import Pool
from storage.upserted import Upserted
from tests.storage.making import NOON, mail

CALL = Interaction("C1", Channel.CALL, NOON, "Rückruf", "Wollte Rabatt.", Direction.INCOMING, "P1", "anna")


def mail_entry(message: int, customer: str = "C1") -> Interaction:
    return Interaction(customer, Channel.MAIL, NOON, "Angebot", direction=Direction.INCOMING, message=message)


def test_an_entry_comes_back(pool: Pool) -> None:
    with pool.begin() as work:
        assert work.interactions.add([CALL]) == Upserted(new=1)
        [found] = work.interactions.timeline("C1")
        assert found.id is not None
        assert found == Interaction(
            "C1", Channel.CALL, NOON, "Rückruf", "Wollte Rabatt.", Direction.INCOMING, "P1", "anna", id=found.id
        )
        assert work.interactions.count_of("C1") == 1
        assert work.interactions.count_of("C2") == 0


def test_the_same_import_again_adds_nothing(pool: Pool) -> None:
    other = Interaction("C1", Channel.NOTE, NOON, "Notiz")
    with pool.begin() as work:
        assert work.interactions.add([CALL, other], ["x1", "x2"]) == Upserted(new=2)
        assert work.interactions.add([CALL, other], ["x1", "x2"]) == Upserted(same=2)
        changed = Interaction("C1", Channel.NOTE, NOON, "Notiz, berichtigt")
        assert work.interactions.add([changed, other, other], ["x2", "x3", "x3"]) == Upserted(1, 1, 1)
        assert work.interactions.count_of("C1") == 3


def test_entries_without_a_name_of_their_own_are_all_new(pool: Pool) -> None:
    with pool.begin() as work:
        assert work.interactions.add([CALL, CALL]) == Upserted(new=2)
        assert work.interactions.add([CALL], [None]) == Upserted(new=1)


def test_a_mail_stands_once_under_each_customer(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        assert work.interactions.add([mail_entry(no), mail_entry(no, "C2")]) == Upserted(new=2)
        assert work.interactions.add([mail_entry(no)]) == Upserted(same=1)


def test_mail_entries_name_their_mailboxes(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        work.messages.place(no, Placement("chef", "INBOX", 1, 1), Verdict.NONE, NOON)
        work.messages.place(no, Placement("chef", "Archiv", 1, 1), Verdict.NONE, NOON)
        work.interactions.add([mail_entry(no)])
        [found] = work.interactions.timeline("C1")
    assert found.mailboxes == {"info", "chef"}


def test_a_timeline_is_read_page_by_page(pool: Pool) -> None:
    entries = [
        Interaction("C1", Channel.CALL if no % 2 else Channel.NOTE, NOON + timedelta(hours=no // 2), str(no))
        for no in range(7)
    ]
    with pool.begin() as work:
        work.interactions.add([*entries, Interaction("C2", Channel.NOTE, NOON, "fremd")])
        seen: list[Interaction] = []
        before = None
        while page := work.interactions.timeline("C1", before=before, limit=3):
            seen += page
            assert page[-1].id is not None
            before = page[-1].id
        assert [entry.subject for entry in seen] == list("6543210")
        calls = work.interactions.timeline("C1", channels=[Channel.CALL])
        assert [entry.subject for entry in calls] == list("531")


def test_a_timeline_goes_on_only_from_an_entry_of_its_own(pool: Pool) -> None:
    with pool.begin() as work:
        work.interactions.add([CALL, Interaction("C2", Channel.NOTE, NOON, "fremd")])
        [foreign] = work.interactions.timeline("C2")
        for before in (foreign.id, 999, 2**63 - 1):
            with pytest.raises(WrongUse):
                work.interactions.timeline("C1", before=before)


def test_a_corrected_mail_moves(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        work.interactions.add([mail_entry(no)])
        work.interactions.move_message(no, "C2", "P2")
        assert work.interactions.count_of("C1") == 0
        [moved] = work.interactions.timeline("C2")
        assert (moved.message, moved.contact_id) == (no, "P2")
        work.interactions.add([mail_entry(no)])
        work.interactions.move_message(no, "C1", None)
        assert (work.interactions.count_of("C1"), work.interactions.count_of("C2")) == (1, 0)
        work.interactions.move_message(no, None, None)
        assert work.interactions.count_of("C1") == 0


def test_a_mail_of_somebody_unknown_gets_its_entry_when_it_is_known_whose_it_is(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        work.interactions.move_message(no, "C1", "P1")
        [made] = work.interactions.timeline("C1")
    assert (made.channel, made.subject, made.message, made.contact_id) == (Channel.MAIL, "Angebot", no, "P1")
    assert (made.date, made.direction) == (NOON - timedelta(minutes=1), Direction.INCOMING)
    assert made.mailboxes == {"info"}


def test_what_an_address_filed_is_found_in_the_timeline(pool: Pool) -> None:
    otto = Address("otto@example.org")
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1), mail("b", uid=2, sender=otto), mail("c", uid=3, sender=otto)])
        work.interactions.add([mail_entry(1), mail_entry(2), mail_entry(3, "C2"), CALL])
        assert work.interactions.mails_of("C1", "otto@example.org") == [2]
        assert work.interactions.mails_of("C2", "erika@example.org") == []
