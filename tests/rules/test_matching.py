"""Whose mail is this: each situation of the first step, and the promises that hold whatever the pool says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules import matching
from rules.matching import Answers
from rules.terms.customer import IdentifierKind, Known
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, FolderRole, MailKind, Message, Reading, Verdict
from rules.terms.pooled import ThreadEntry

FIRM = Firm(
    name="Muster",
    domains=frozenset({"muster.example"}),
    staff=frozenset({"frei@gmx.de"}),
    web_form_senders=frozenset({"formular@muster.example"}),
    fax_gateways=frozenset({"fax@bote.example"}),
    freemail=frozenset({"postfach.example"}),
)
PERSON = Reading(kind=MailKind.PERSON, new_text="Guten Tag")


def mail(
    sender: str = "anna@kunde.example", to: tuple[str, ...] = ("info@muster.example",), reply: str = ""
) -> Message:
    return Message(
        identity="1:x",
        message_id="x@y",
        sender=Address(sender),
        subject="",
        date=None,
        text="",
        size=0,
        to=tuple(Address(one) for one in to),
        in_reply_to=(reply,) if reply else (),
    )


def address(value: str, customer: str, contact: str | None = None) -> dict[str, list[Known]]:
    return {value: [Known(IdentifierKind.ADDRESS, value, customer, contact, "contacts")]}


def domain(value: str, *customers: str) -> dict[str, list[Known]]:
    return {value: [Known(IdentifierKind.DOMAIN, value, one, None, "customers") for one in customers]}


def thread(customer: str | None, *participants: str) -> dict[str, ThreadEntry]:
    return {"p@x": ThreadEntry("p@x", "p@x", Direction.OUTGOING, customer, None, frozenset(participants))}


def decided(
    message: Message,
    answers: Answers,
    verdict: Verdict = Verdict.NONE,
    folder: FolderRole = FolderRole.INBOX,
    reading: Reading = PERSON,
) -> Match:
    direction = matching.direction_of(message, folder, verdict, FIRM)
    return matching.decide(matching.question(message, reading, direction, FIRM), answers, verdict)


def reasons(match: Match) -> list[str]:
    return [piece.reason for piece in match.evidence]


def test_a_known_address_attaches_to_customer_and_contact() -> None:
    match = decided(mail(), Answers(addresses=address("anna@kunde.example", "C1", "P1")))
    assert (match.action, match.customer_id, match.contact_id) == (Action.ATTACH, "C1", "P1")
    assert reasons(match) == ["address"]
    assert match.evidence[0].quote == "anna@kunde.example"
    assert match.confidence >= matching.SURE


def test_a_plus_address_is_the_same_person_and_says_so() -> None:
    match = decided(mail("anna+rechnung@kunde.example"), Answers(addresses=address("anna@kunde.example", "C1", "P1")))
    assert match.customer_id == "C1"
    assert reasons(match) == ["alias"]


def test_an_address_of_two_customers_goes_to_review_with_both() -> None:
    both = {"anna@kunde.example": [*address("x", "C1")["x"], *address("x", "C2")["x"]]}
    match = decided(mail(), Answers(addresses=both))
    assert (match.action, match.customer_id, match.candidates) == (Action.REVIEW, None, ("C1", "C2"))


def test_the_thread_decides_between_two_customers_of_one_address() -> None:
    both = {"anna@kunde.example": [*address("x", "C1")["x"], *address("x", "C2")["x"]]}
    match = decided(mail(reply="p@x"), Answers(addresses=both, thread=thread("C2", "anna@kunde.example")))
    assert match.customer_id == "C2"
    assert "thread" in reasons(match)


def test_two_contacts_behind_one_address_leave_the_contact_open() -> None:
    couple = {"anna@kunde.example": [*address("x", "C1", "P1")["x"], *address("x", "C1", "P2")["x"]]}
    match = decided(mail(), Answers(addresses=couple))
    assert (match.customer_id, match.contact_id) == ("C1", None)


def test_a_reply_of_a_known_participant_attaches_by_its_thread() -> None:
    match = decided(mail("privat@gmx.de", reply="p@x"), Answers(thread=thread("C1", "privat@gmx.de")))
    assert match.customer_id == "C1"
    assert reasons(match) == ["thread"]


def test_a_stranger_in_a_known_thread_is_matched_anew() -> None:
    match = decided(mail("anwalt@kanzlei.example", reply="p@x"), Answers(thread=thread("C1", "anna@kunde.example")))
    assert match.action is Action.UNKNOWN


def test_a_domain_of_exactly_one_customer_attaches_without_a_contact() -> None:
    match = decided(mail("neu@mail.kunde.example"), Answers(domains=domain("kunde.example", "C1")))
    assert (match.customer_id, match.contact_id) == ("C1", None)


def test_a_domain_of_two_customers_goes_to_review() -> None:
    match = decided(mail(), Answers(domains=domain("kunde.example", "C1", "C2")))
    assert (match.action, match.candidates) == (Action.REVIEW, ("C1", "C2"))


def test_a_domain_that_many_customers_share_is_a_providers() -> None:
    match = decided(mail(), Answers(domains=domain("kunde.example", *(f"C{n}" for n in range(6)))))
    assert match.action is Action.UNKNOWN


def test_freemail_and_own_domains_are_never_asked_for() -> None:
    assert matching.company_domain("anna@gmx.de", FIRM) == ""
    assert matching.company_domain("anna@postfach.example", FIRM) == ""
    assert matching.company_domain("anna@sub.muster.example", FIRM) == ""


def test_a_failed_check_never_attaches_even_on_an_exact_address() -> None:
    match = decided(mail(), Answers(addresses=address("anna@kunde.example", "C1", "P1")), Verdict.FAIL)
    assert (match.action, match.customer_id, match.spoof) == (Action.REVIEW, None, True)
    assert match.candidates == ("C1",)
    assert reasons(match)[0] == "authentication"


def test_a_failed_check_of_nobody_we_know_is_no_impersonation() -> None:
    match = decided(mail(), Answers(), Verdict.FAIL)
    assert (match.action, match.spoof) == (Action.UNKNOWN, False)


def test_our_own_address_with_a_failed_check_is_not_ours() -> None:
    forged = mail("chef@muster.example")
    assert matching.direction_of(forged, FolderRole.INBOX, Verdict.FAIL, FIRM) is Direction.INCOMING
    assert matching.direction_of(forged, FolderRole.INBOX, Verdict.NONE, FIRM) is Direction.OUTGOING


def test_what_we_wrote_belongs_to_the_recipient() -> None:
    sent = mail("info@muster.example", ("anna@kunde.example", "kollege@muster.example"))
    match = decided(sent, Answers(addresses=address("anna@kunde.example", "C1", "P1")), folder=FolderRole.SENT)
    assert (match.customer_id, match.contact_id) == ("C1", "P1")
    assert reasons(match) == ["recipient"]


def test_what_we_wrote_to_two_customers_is_asked_about() -> None:
    sent = mail("info@muster.example", ("anna@kunde.example", "bernd@zwei.example"))
    known = address("anna@kunde.example", "C1") | address("bernd@zwei.example", "C2")
    assert decided(sent, Answers(addresses=known)).candidates == ("C1", "C2")


def test_mail_among_ourselves_is_nobodys() -> None:
    match = decided(mail("info@muster.example", ("kollege@muster.example",)), Answers())
    assert match.action is Action.UNKNOWN
    assert reasons(match) == ["internal"]


def test_a_forwarded_mail_belongs_to_who_wrote_it_first() -> None:
    forwarded = Reading(MailKind.PERSON, "siehe unten", original_sender=Address("anna@kunde.example", "Anna"))
    sent = mail("kollege@muster.example", ("info@muster.example",))
    match = decided(sent, Answers(addresses=address("anna@kunde.example", "C1", "P1")), reading=forwarded)
    assert match.customer_id == "C1"
    assert reasons(match) == ["forwarded"]


def test_a_web_form_speaks_for_whom_an_answer_would_reach() -> None:
    form = replace(mail("formular@muster.example"), reply_to=(Address("anna@kunde.example"),))
    match = decided(form, Answers(addresses=address("anna@kunde.example", "C1", "P1")))
    assert (match.customer_id, match.contact_id) == ("C1", "P1")


def test_a_gateway_speaks_for_nobody_by_its_own_address() -> None:
    assert (
        decided(mail("fax@bote.example"), Answers(addresses=address("fax@bote.example", "C1"))).action is Action.UNKNOWN
    )


customers = st.sampled_from(["C1", "C2", "C3"])
owners = st.lists(
    st.builds(
        Known, st.just(IdentifierKind.ADDRESS), st.just("x"), customers, st.sampled_from(["P1", None]), st.just("s")
    ),
    max_size=4,
)


@given(owners, owners, st.sampled_from(Verdict), st.sampled_from(["C1", "C2", None]), st.booleans())
def test_promises_hold_whatever_the_pool_says(
    by_address: list[Known], by_domain: list[Known], verdict: Verdict, in_thread: str | None, took_part: bool
) -> None:
    answers = Answers(
        addresses={"anna@kunde.example": by_address} if by_address else {},
        domains={"kunde.example": by_domain} if by_domain else {},
        thread=thread(in_thread, *(["anna@kunde.example"] if took_part else [])),
    )
    match = decided(mail(reply="p@x"), answers, verdict)
    assert (match.action is Action.ATTACH) == (match.customer_id is not None)
    assert 0 <= match.confidence < 1
    if match.action is not Action.UNKNOWN:
        assert match.evidence, "no decision without a reason"
    if verdict is Verdict.FAIL:
        assert match.action is not Action.ATTACH
    if match.customer_id:
        known = {one.customer_id for one in (*by_address, *by_domain)} | {in_thread}
        assert match.customer_id in known
        assert match.candidates[0] == match.customer_id
    if match.contact_id:
        assert any(one.contact_id == match.contact_id and one.customer_id == match.customer_id for one in by_address)
