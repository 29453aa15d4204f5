"""Which copies are to be marked follows from what is known; what was written is remembered copy by copy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.terms.complaint import Assessment, Category, Finding, Ruling
from rules.terms.customer import Customer
from rules.terms.finding import Action, Match
from rules.terms.mail import Cursor, Direction, FolderRole, Mailbox, MailKind, Placement, Verdict
from rules.terms.mark import Keyword, Marking
from rules.terms.pooled import NewMail
from storage.pool import Pool, Work
from tests.storage.making import NOON, mail

OF_C1 = Match(Action.ATTACH, "C1", confidence=1.0, candidates=("C1",))
OF_C2 = Match(Action.ATTACH, "C2", confidence=1.0, candidates=("C2",))
LATE = Assessment(flag=True, probability=0.9, severity=2, category=Category.DELIVERY)
SINCE = NOON - timedelta(days=30)
MONTH = ("INBOX", "Projekte")


def put(work: Work, *mails: NewMail) -> list[int]:
    """The mailbox, a king and another customer, and these mails."""
    work.mailboxes.put(Mailbox("info", marks=True))
    for folder in MONTH:
        work.mailboxes.advance("info", folder, FolderRole.OTHER, Cursor(7, 100))
    work.customers.upsert([Customer("C1", "Hansen", key_account=True), Customer("C2", "Huber")], ())
    return work.messages.add(mails)


def due(work: Work, *, on: bool = True) -> Marking | None:
    return work.marks.due("info", MONTH, on=on, since=SINCE)


def carried_out(work: Work, there: dict[tuple[str, int], set[str]] | None = None, *, on: bool = True) -> dict[str, int]:
    """Do all that is due on a server that does as it is told; how often each keyword was written or taken away."""
    done: dict[str, int] = {}
    there = {} if there is None else there
    for _ in range(50):
        marking = due(work, on=on)
        if marking is None:
            return done
        shown = {uid: marking.keyword in there.get((marking.folder, uid), set()) for uid in marking.uids}
        for uid in work.marks.begin("info", marking, shown):
            lying = there.setdefault((marking.folder, uid), set())
            (lying.add if marking.wanted else lying.discard)(marking.keyword)
            sign = "+" if marking.wanted else "-"
            done[sign + marking.keyword] = done.get(sign + marking.keyword, 0) + 1
        flags = {uid: frozenset(there.get((marking.folder, uid), set())) for uid in marking.uids}
        work.messages.set_flags("info", marking.folder, marking.uidvalidity, flags)
        work.marks.finish("info", marking, {uid: marking.keyword in of for uid, of in flags.items()})
    raise AssertionError("it never ends")


def test_complaints_kings_and_strangers_are_marked(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = put(
            work,
            mail("king", uid=1, match=OF_C1),
            mail("huber", uid=2, match=OF_C2),
            mail("stranger", uid=3),
            replace(mail("list", uid=4), reading=replace(mail().reading, kind=MailKind.NEWSLETTER)),
            replace(mail("ours", uid=5, match=OF_C1), direction=Direction.OUTGOING),
            mail("forged", uid=6, match=OF_C1, verdict=Verdict.FAIL),
            mail("old", uid=7, match=OF_C1, arrived=SINCE - timedelta(days=1)),
        )
        work.findings.put([Finding(numbers[1], NOON, LATE, "C2")])
        there: dict[tuple[str, int], set[str]] = {}
        assert carried_out(work, there) == {"+$Complaint": 1, "+$KeyCustomer": 1, "+$Unknown": 1}
        assert there == {("INBOX", 1): {"$KeyCustomer"}, ("INBOX", 2): {"$Complaint"}, ("INBOX", 3): {"$Unknown"}}
        assert work.marks.count("info") == 3
        assert due(work) is None


@pytest.mark.parametrize("how", ["dismissed", "solved", "no king", "refiled", "erased", "off"])
def test_a_correction_takes_the_mark_back(pool: Pool, how: str) -> None:
    there: dict[tuple[str, int], set[str]] = {}
    with pool.begin() as work:
        (number,) = put(work, mail("king", uid=1, match=OF_C1))
        found = Finding(number, NOON, LATE, "C1")
        work.findings.put([found])
        assert carried_out(work, there) == {"+$Complaint": 1, "+$KeyCustomer": 1}
    with pool.begin() as work:
        match how:
            case "dismissed":
                work.findings.put([replace(found, ruling=Ruling(False, "anna", NOON))])
            case "solved":
                work.findings.put([replace(found, solved_by="anna", solved_at=NOON)])
            case "no king":
                work.customers.upsert([Customer("C1", "Hansen")], ())
            case "refiled":
                work.messages.set_match(number, OF_C2)
            case "erased":
                work.erasures.erase_mails([number])
        kept = {"dismissed": {"$KeyCustomer"}, "solved": {"$KeyCustomer"}, "no king": {"$Complaint"}}
        kept |= {"refiled": {"$Complaint"}}
        carried_out(work, there, on=how != "off")
        assert there == {("INBOX", 1): kept.get(how, set())}
        assert work.marks.count("info") == len(kept.get(how, set()))


def test_what_a_person_took_away_stays_away_and_what_they_set_stays(pool: Pool) -> None:
    with pool.begin() as work:
        put(work, mail("a", uid=1), mail("b", uid=2))
        there = {("INBOX", 2): {"$Unknown"}}
        assert carried_out(work, there) == {"+$Unknown": 1}
        work.marks.noticed("info", "INBOX", 7, {1: frozenset({"\\Flagged"})})
        there[("INBOX", 1)].clear()
        assert carried_out(work, there) == {}
        assert carried_out(work, there, on=False) == {}
        assert there == {("INBOX", 1): set(), ("INBOX", 2): {"$Unknown"}}


def test_news_of_flags_say_nothing_while_a_mark_is_being_written(pool: Pool) -> None:
    with pool.begin() as work:
        put(work, mail("a", uid=1))
        marking = due(work)
        assert marking is not None
        assert work.marks.begin("info", marking, {1: False}) == [1]
        work.marks.noticed("info", "INBOX", 7, {1: frozenset()})
        assert due(work) == marking
        assert work.marks.begin("info", marking, {1: True}) == []
        work.marks.finish("info", marking, {1: True})
        assert due(work) is None


def test_a_mark_follows_its_mail_to_another_folder_and_is_taken_back_there(pool: Pool) -> None:
    with pool.begin() as work:
        (number,) = put(work, mail("a", uid=1))
        there: dict[tuple[str, int], set[str]] = {}
        carried_out(work, there)
        there = {("Projekte", 9): there[("INBOX", 1)]}
        work.messages.mark_gone("info", "INBOX", 7, [1], NOON)
        moved = Placement("info", "Projekte", 7, 9, frozenset({"$Unknown"}))
        work.messages.place(number, moved, Verdict.NONE, NOON)
        work.messages.set_match(number, OF_C2)
        assert carried_out(work, there) == {"-$Unknown": 1}
        assert there == {("Projekte", 9): set()}


def test_every_copy_is_marked_in_mailboxes_that_want_it_only(pool: Pool) -> None:
    with pool.begin() as work:
        (number,) = put(work, mail("a", uid=1))
        work.mailboxes.put(Mailbox("chef"))
        work.mailboxes.advance("chef", "INBOX", FolderRole.INBOX, Cursor(7, 100))
        for place in (Placement("info", "Projekte", 7, 4), Placement("chef", "INBOX", 7, 8)):
            work.messages.place(number, place, Verdict.NONE, NOON)
        assert carried_out(work) == {"+$Unknown": 2}
        assert work.marks.due("chef", MONTH, on=False, since=SINCE) is None
        assert work.marks.due("chef", MONTH, on=True, since=SINCE) == Marking("INBOX", 7, Keyword.UNKNOWN, True, (8,))


def test_a_renumbered_folder_is_marked_under_its_new_numbers_only(pool: Pool) -> None:
    with pool.begin() as work:
        (number,) = put(work, mail("a", uid=1))
        there: dict[tuple[str, int], set[str]] = {}
        carried_out(work, there)
        work.messages.mark_folder_gone("info", "INBOX", NOON)
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(8, 5))
        assert due(work) is None
        work.messages.place(number, Placement("info", "INBOX", 8, 5, frozenset({"$Unknown"})), Verdict.NONE, NOON)
        there = {("INBOX", 5): {"$Unknown"}}
        assert carried_out(work, there) == {}
        assert carried_out(work, there, on=False) == {"-$Unknown": 1}


def test_where_the_server_takes_none_is_remembered(pool: Pool) -> None:
    with pool.begin() as work:
        put(work)
        assert work.marks.unmarkable() == {}
        work.marks.set_markable("info", "Projekte", False)
        assert work.marks.unmarkable() == {"info": ["Projekte"]}
        work.marks.set_markable("info", "Projekte", True)
        assert work.marks.unmarkable() == {}


def test_a_mailbox_that_changes_hands_is_not_marked_any_more(pool: Pool) -> None:
    with pool.begin() as work:
        put(work)
        assert work.mailboxes.get("info") == Mailbox("info", marks=True)
        work.mailboxes.put(Mailbox("info", marks=True, owner="anna"))
        assert work.mailboxes.get("info") == Mailbox("info", owner="anna")
