"""Unknown people who wrote are gathered as leads, for those who may read their mail; what staff say of them counts."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.terms.finding import Action, Match
from rules.terms.mail import Address, Direction, MailKind, Reading
from rules.terms.pooled import NewMail
from rules.terms.upkeep import Lead, SenderDecision, Stance
from storage.pool import Pool
from tests.storage.making import NOON, mail

ANNA, OTTO, EVA = Address("anna@a.example", "Anna"), Address("otto@o.example", "Otto"), Address("eva@e.example", "Eva")
INFO, BOTH = frozenset({"info"}), frozenset({"info", "chef"})


def wrote(name: str, sender: Address, hour: int, mailbox: str = "info", **more: object) -> NewMail:
    """A mail of an unknown person."""
    made = mail(name, sender=sender, arrived=NOON + timedelta(hours=hour), uid=hour, mailbox=mailbox)
    return replace(made, **more)  # type: ignore[arg-type]


def test_several_mails_of_one_person_are_one_lead(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([wrote("a", ANNA, 1), wrote("b", OTTO, 2), wrote("c", ANNA, 3)])
        assert work.senders.leads(INFO) == [
            Lead(ANNA.addr, "Anna", 2, NOON + timedelta(hours=3), 3),
            Lead(OTTO.addr, "Otto", 1, NOON + timedelta(hours=2), 2),
        ]
        assert work.senders.open_mails(ANNA.addr, INFO) == [3, 1]


def test_only_open_mail_of_persons_makes_leads(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add(
            [
                wrote("a", ANNA, 1, direction=Direction.OUTGOING, writer=""),
                wrote("b", OTTO, 2, reading=Reading(MailKind.NEWSLETTER, "")),
                wrote("c", EVA, 3, match=Match(Action.ATTACH, "C1")),
                wrote("d", EVA, 4, writer=""),
                wrote("e", ANNA, 5, match=Match(Action.REVIEW, candidates=("C1",))),
            ]
        )
        assert work.senders.leads(None) == []
        assert work.senders.open_mails(ANNA.addr, None) == [5]


def test_whom_a_colleague_passes_on_is_a_lead(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([wrote("a", OTTO, 1, direction=Direction.OUTGOING, writer=ANNA.addr)])
        assert work.senders.leads(INFO) == [Lead(ANNA.addr, "", 1, NOON + timedelta(hours=1), 1)]


def test_mail_of_other_peoples_mailboxes_makes_no_lead(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([wrote("a", ANNA, 1), wrote("b", ANNA, 2, "chef"), wrote("c", OTTO, 3, "chef")])
        assert work.senders.leads(INFO) == [Lead(ANNA.addr, "Anna", 1, NOON + timedelta(hours=1), 1)]
        assert [lead.address for lead in work.senders.leads(BOTH)] == [OTTO.addr, ANNA.addr]
        assert work.senders.leads(frozenset()) == []
        assert work.senders.open_mails(ANNA.addr, INFO) == [1]


def test_a_lead_bears_the_name_of_whom_the_mail_brings(pool: Pool) -> None:
    form = Address("form@firma.example", "Formular")
    read = Reading(MailKind.PERSON, "", original_sender=EVA)
    with pool.begin() as work:
        work.messages.add([wrote("a", form, 1, writer=EVA.addr, reading=read), wrote("b", form, 2, writer=OTTO.addr)])
        assert [(lead.address, lead.name) for lead in work.senders.leads(INFO)] == [(OTTO.addr, ""), (EVA.addr, "Eva")]


def test_of_whom_staff_said_something_is_no_lead(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([wrote("a", ANNA, 1), wrote("b", OTTO, 2)])
        first = work.senders.say(ANNA.addr, Stance.IGNORE, "eva", NOON)
        second = work.senders.say(ANNA.addr, Stance.SUPPLIER, "eva", NOON)
        assert [lead.address for lead in work.senders.leads(INFO)] == [OTTO.addr]
        assert work.senders.said([ANNA.addr, OTTO.addr]) == {
            ANNA.addr: SenderDecision(second, ANNA.addr, Stance.SUPPLIER, "eva", NOON)
        }
        assert work.senders.unsay(second) is not None
        assert work.senders.said([ANNA.addr])[ANNA.addr].stance is Stance.IGNORE
        assert [one.id for one in work.senders.history()] == [first]
        assert work.senders.unsay(first) is not None
        assert work.senders.unsay(first) is None
        assert len(work.senders.leads(INFO)) == 2
        stretch = work.rematching.next(9)
        assert stretch is not None
        assert stretch.walk.key == ANNA.addr


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writers=st.lists(st.sampled_from("abcdef"), max_size=40), size=st.integers(1, 4))
def test_the_pages_hold_every_lead_once_newest_first(pool: Pool, writers: list[str], size: int) -> None:
    with pool.begin() as work:
        connection = work.customers._connection
        connection.exec_driver_sql("delete from messages")
        work.messages.add(
            [
                mail(f"{no}", sender=Address(f"{name}@x.example"), uid=no, arrived=NOON + timedelta(hours=no // 3))
                for no, name in enumerate(writers)
            ]
        )
        every = work.senders.leads(INFO, limit=100)
        seen: list[Lead] = []
        while page := work.senders.leads(INFO, limit=size, after=seen[-1] if seen else None):
            seen += page
    assert seen == every
    assert {lead.address[0] for lead in every} == set(writers)
    assert sum(lead.count for lead in every) == len(writers)
