"""The Summary: what is shown, what is withheld, and the JSON that every client relies on."""

import dataclasses
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rules import summary, summary_forms, wording
from rules.terms.customer import Contact, Customer, Reference
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, TimelineEntry
from rules.terms.mail import Address, Direction, MailKind, Message, Placement, Reading, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import FieldGroup, Role, Viewer
from rules.terms.summary import Status

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HANSEN = Customer("C1", "Hansen Metallbau", legal_form="GmbH", since="2014", key_account=True)
KARIN = Contact("P1", "C1", first_name="Karin", last_name="Hansen", role="Einkauf", address_form="Sie")
SURE = Match(
    Action.ATTACH, "C1", "P1", 0.99, candidates=("C1",), evidence=(Evidence("address", "k@hansen.example", 5.3),)
)
FORGED = Match(
    Action.REVIEW, spoof=True, candidates=("C1",), evidence=(Evidence("authentication", "k@hansen.example", -8),)
)
CALL = TimelineEntry(Channel.CALL, None, NOW, "Maße geklärt", "", "Meyer", "", None)
HIDDEN = TimelineEntry(Channel.MAIL, Direction.INCOMING, NOW, "", "", "", "", None, open=False)


def viewer(language: str = "de", groups: frozenset[FieldGroup] = frozenset(FieldGroup)) -> Viewer:
    return Viewer("anna", Role.STAFF, language, frozenset({"office"}), groups)


def opened(match: Match, verdict: Verdict = Verdict.PASS) -> PooledMessage:
    message = Message("1:a", "a@x", Address("k@hansen.example", "Karin Hansen"), "Bestellung", NOW, "Text", 10)
    return PooledMessage(
        7, message, Reading(MailKind.PERSON, "Text"), Direction.INCOMING, match, verdict, "a@x", "d", NOW, False,
        (Placement("office", "INBOX", 1, 1),),
    )  # fmt: skip


KNOWN = summary.Facts(
    message=opened(SURE), match=SURE, customer=HANSEN, contact=KARIN, recent=(CALL, HIDDEN),
    references=(Reference("order", "2231", "C1"),),
)  # fmt: skip


def test_a_known_sender_is_shown_with_who_and_why() -> None:
    shown = summary.build(KNOWN, viewer(), NOW, BERLIN)
    assert shown.status is Status.KNOWN
    assert shown.customer is not None
    assert shown.customer.name == "Hansen Metallbau GmbH"
    assert shown.customer.king
    assert shown.match is not None
    assert shown.match.sentence == "sicher: Adresse bekannt"
    assert shown.trust is not None
    assert shown.trust.verdict is Verdict.PASS


def test_the_same_in_english() -> None:
    shown = summary.build(KNOWN, viewer("en"), NOW, BERLIN)
    assert shown.match is not None
    assert shown.match.sentence == "sure: known address"


def test_a_forged_sender_gets_no_customers_treatment() -> None:
    facts = summary.Facts(
        message=opened(FORGED, Verdict.FAIL), match=FORGED, customer=HANSEN, people=(HANSEN,), recent=(CALL,)
    )
    shown = summary.build(facts, viewer(), NOW, BERLIN)
    assert shown.status is Status.SPOOF
    assert (shown.customer, shown.contact, shown.recent, shown.references) == (None, None, (), ())
    assert set(shown.withheld) == {"money", "particulars"}
    assert shown.match is not None
    assert "Hansen Metallbau GmbH" in shown.match.sentence
    assert shown.trust is not None
    assert shown.trust.verdict is Verdict.FAIL


def test_what_the_viewer_has_no_right_to_is_named_not_shown() -> None:
    shown = summary.build(KNOWN, viewer(groups=frozenset({FieldGroup.PARTICULARS})), NOW, BERLIN)
    assert shown.withheld == ("money",)


def test_of_a_colleagues_mail_only_the_contact_is_told() -> None:
    lines = summary.build(KNOWN, viewer(), NOW, BERLIN).recent
    assert lines[0].text == "Anruf, Meyer: Maße geklärt"
    assert lines[1].text == "Mail am 22.11.2026"
    assert lines[1].href is None


def test_the_json_has_every_key_of_the_contract_and_nothing_made_up() -> None:
    made = summary_forms.as_json(summary.build(KNOWN, viewer(), NOW, BERLIN), "de")
    assert list(made) == [
        "status", "as_of", "message", "customer", "contact", "match", "trust", "cases", "complaint", "particulars",
        "money", "value", "recent", "references", "promises", "next_action", "withheld", "actions",
    ]  # fmt: skip
    assert made["money"] is None
    assert made["cases"] == []
    json.dumps(made)


def test_a_mail_not_yet_in_the_pool_unlocks_nothing() -> None:
    shown = summary.pending("a@x", "Bestellung", "k@hansen.example", viewer(), NOW)
    assert shown.status is Status.PENDING
    assert shown.customer is None
    assert set(shown.withheld) == {"money", "particulars"}


def test_the_text_form_names_customer_reason_and_what_was_last() -> None:
    text = summary_forms.as_text(summary.build(KNOWN, viewer(), NOW, BERLIN), "de")
    assert "Hansen Metallbau GmbH (C1) ♔" in text
    assert "sicher: Adresse bekannt" in text
    assert "Anruf, Meyer: Maße geklärt" in text


@pytest.mark.parametrize(
    "reason", ["address", "alias", "thread", "domain", "recipient", "forwarded", "authentication", "staff"]
)
def test_every_reason_has_words_in_both_languages(reason: str) -> None:
    german, english = wording.WORDING[f"reason.{reason}"]
    assert german
    assert english
    assert german != english


def test_summaries_are_values() -> None:
    shown = summary.build(KNOWN, viewer(), NOW, BERLIN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        shown.status = Status.UNKNOWN  # type: ignore[misc]
