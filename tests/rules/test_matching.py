"""Whose mail is this: one situation after another, in the words of a small pool."""

from dataclasses import replace

import pytest

from rules import matching
from rules.matching.weights import TABLE
from rules.terms.customer import Contact, Customer, CustomerKind, Reference
from rules.terms.finding import Action, Match
from rules.terms.mail import Direction, FolderRole
from rules.terms.pooled import ThreadEntry
from rules.wording import knows
from tests.rules.small_pool import FIRM, SmallPool, mail, reasons

PERSON = CustomerKind.PERSON
SHIPYARD = Customer(
    "W1", "Ostseewerft Kröger", "D20417", legal_form="GmbH", street="Hafenallee 9", zip="18069", city="Rostock",
    country="DE", phone="+49 381 77120-0", email="info@ostseewerft.example", domain="www.ostseewerft.example",
    vat_id="DE136695976",
)  # fmt: skip
JOINERY = Customer(
    "W2", "Tischlerei Abendroth", "D20993", street="Lange Reihe 4a", zip="34117", city="Kassel", country="DE",
    phone="0561 30445", email="tischlerei.abendroth@gmx.de",
)  # fmt: skip
POWER = Customer("S1", "Nordlicht Energie", legal_form="GmbH", zip="24103", city="Kiel", domain="nordlicht.example")
GRID = Customer(
    "S2", "Nordlicht Netze", legal_form="GmbH", street="Werftstr. 200", zip="24143", city="Kiel",
    phone="+49 431 55010-0", domain="nordlicht.example",
)  # fmt: skip
VERA = Customer(
    "P1", "Vera Maiwald", kind=PERSON, street="Ulmenweg 12", zip="04107", city="Leipzig", phone="0341 998877"
)
PAUL = Customer("P2", "Paul Maiwald", kind=PERSON, street="Ulmenweg 12", zip="04107", city="Leipzig")
OTHER_VERA = Customer("P3", "Vera Maiwald", kind=PERSON, street="Am Hang 3", zip="79100", city="Freiburg")
AGENCY = Customer("A1", "Hausverwaltung Sturm", legal_form="GmbH", domain="hv-sturm.example")

WERFT = "ostseewerft.example"
PEOPLE = (
    Contact("C1", "W1", first_name="Ingrid", last_name="Kröger", email=f"i.kroeger@{WERFT}", phone="+49 381 77120-14"),
    Contact("C2", "W1", first_name="Mats", last_name="Lindqvist", role="Technik", email=f"m.lindqvist@{WERFT}"),
    Contact("C3", "W2", first_name="Heiner", last_name="Abendroth", email="tischlerei.abendroth@gmx.de"),
    Contact("C4", "S1", first_name="Ole", last_name="Brandt", email="o.brandt@nordlicht.example"),
    Contact("C5", "P1", first_name="Vera", last_name="Maiwald", email="maiwald@postfach.example"),
    Contact("C6", "P2", first_name="Paul", last_name="Maiwald", email="maiwald@postfach.example"),
    Contact("C7", "A1", first_name="Silke", last_name="Sturm", email="sturm@hv-sturm.example"),
    Contact("C8", "P3", first_name="Vera", last_name="Maiwald", email="v-m@web.de"),
)  # fmt: skip
NUMBERS = (
    Reference("order", "A-2026-00417", "W1"),
    Reference("invoice", "R-2026-00931", "W2"),
    Reference("order", "A-2026-00555", "P1"),
)
POOL = SmallPool((SHIPYARD, JOINERY, POWER, GRID, VERA, PAUL, OTHER_VERA, AGENCY), PEOPLE, NUMBERS)


def signed(*lines: str) -> str:
    return "\n".join(("Guten Tag,", "", "wann kommt die Ware?", "", "Mit freundlichen Grüßen", *lines))


def filed(match: Match) -> tuple[Action, str | None, str | None]:
    return match.action, match.customer_id, match.contact_id


# Address and domain


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("Ingrid Kröger <i.kroeger@ostseewerft.example>", "address"),
        ("I.KROEGER@OSTSEEWERFT.EXAMPLE", "address"),
        ("i.kroeger+lager@ostseewerft.example", "alias"),
    ],
)
def test_a_known_address_is_its_owners_however_it_is_written(sender: str, reason: str) -> None:
    match = POOL.decide(mail(sender))
    assert filed(match) == (Action.ATTACH, "W1", "C1")
    assert reason in reasons(match)
    assert match.confidence >= matching.SURE


def test_an_unknown_person_of_a_known_firm_is_filed_and_not_invented() -> None:
    match = POOL.decide(mail("Jana Thoms <j.thoms@lager.ostseewerft.example>"))
    assert filed(match) == (Action.ATTACH, "W1", None)


def test_a_new_address_at_the_firm_is_the_known_persons() -> None:
    assert filed(POOL.decide(mail("Lindqvist, Mats <mats@ostseewerft.example>"))) == (Action.ATTACH, "W1", "C2")


def test_a_role_address_has_no_person_unless_one_signs() -> None:
    assert filed(POOL.decide(mail("info@ostseewerft.example"))) == (Action.ATTACH, "W1", None)
    by_name = POOL.decide(mail("info@ostseewerft.example", signed("i. A. Mats Lindqvist")))
    assert filed(by_name) == (Action.ATTACH, "W1", "C2")


def test_sister_firms_on_one_domain_are_asked_about() -> None:
    match = POOL.decide(mail("Neu Hier <neu@nordlicht.example>"))
    assert match.action is Action.REVIEW
    assert set(match.candidates) == {"S1", "S2"}


def test_the_signature_tells_sister_firms_apart() -> None:
    text = signed("Tom Rehder", "Nordlicht Netze GmbH", "Werftstraße 200, 24143 Kiel")
    assert filed(POOL.decide(mail("Tom Rehder <rehder@nordlicht.example>", text))) == (Action.ATTACH, "S2", None)


def test_the_known_person_of_one_sister_with_the_signature_of_the_other_is_asked_about() -> None:
    text = signed("Ole Brandt", "Nordlicht Netze GmbH", "Werftstr. 200, 24143 Kiel", "Tel. 0431 55010-7")
    match = POOL.decide(mail("Ole Brandt <o.brandt@nordlicht.example>", text))
    assert match.action is Action.REVIEW
    assert set(match.candidates) == {"S1", "S2"}


def test_a_domain_that_private_people_share_is_a_providers() -> None:
    shared = [Customer(f"K{n}", f"Firma {n}", email=f"post{n}@kabelstadt.example") for n in range(3)]
    shared.append(Customer("K9", "Uta Rabe", kind=PERSON, email="rabe@kabelstadt.example"))
    assert SmallPool(shared).decide(mail("jemand@kabelstadt.example")).action is Action.UNKNOWN


def test_the_firms_name_under_another_ending_needs_something_more() -> None:
    bare = POOL.decide(mail("Jana Thoms <thoms@ostseewerft.test>"))
    assert bare.action is not Action.ATTACH
    full = signed("Jana Thoms", "Ostseewerft Kröger GmbH", "Hafenallee 9, 18069 Rostock", "Tel. 0381 77120-31")
    assert filed(POOL.decide(mail("Jana Thoms <thoms@ostseewerft.test>", full))) == (Action.ATTACH, "W1", None)


# One address, several people


@pytest.mark.parametrize(("signature", "customer"), [("Gruß Paul Maiwald", "P2"), ("Liebe Grüße\nVera", "P1")])
def test_of_a_couple_with_one_address_the_signature_decides(signature: str, customer: str) -> None:
    match = POOL.decide(mail("maiwald@postfach.example", f"Hallo,\n\nalles gut.\n\n{signature}"))
    assert match.candidates[0] == customer


def test_an_unsigned_mail_of_a_couple_is_neithers() -> None:
    match = POOL.decide(mail("Familie Maiwald <maiwald@postfach.example>", "Hallo,\n\nwann kommt der Monteur?"))
    assert match.action is Action.REVIEW
    assert match.candidates == ("P1", "P2")
    assert match.contact_id is None


# Numbers, telephone, names


def test_an_order_number_of_ours_leads_to_the_customer() -> None:
    match = POOL.decide(mail("xy77@gmail.com", "Hallo, es geht um Auftrag A-2026-00417."))
    assert filed(match) == (Action.ATTACH, "W1", None)


def test_a_number_that_the_writer_calls_their_own_says_nothing() -> None:
    text = "Hallo,\n\nunser Zeichen: A-2026-00417\n\nMit freundlichen Grüßen\nBo Falk\nFalk Druck GmbH"
    assert POOL.decide(mail("Bo Falk <bo@falkdruck.example>", text)).action is Action.UNKNOWN


AGENT = "Mit freundlichen Grüßen\nBo Falk\nFalk Architekten GmbH\nRing 2\n24103 Kiel"


@pytest.mark.parametrize(
    "words",
    [
        "wir vertreten die Ostseewerft Kröger GmbH und melden uns wegen Ihrer Rechnung A-2026-00417.",
        "wir planen den Umbau für Ostseewerft Kröger, Rostock. Bezug: Ihre Auftragsnummer A-2026-00417.",
        "we work for Ostseewerft Kröger; this is about your order A-2026-00417.",
    ],
)
def test_who_writes_of_our_paper_and_names_its_owner_acts_for_them(words: str) -> None:
    match = POOL.decide(mail("Bo Falk <bo@falk-architekten.example>", f"Guten Tag,\n\n{words}\n\n{AGENT}"))
    assert filed(match) == (Action.ATTACH, "W1", None)
    assert "client" in reasons(match)


def test_who_writes_of_our_paper_alone_is_asked_about() -> None:
    text = f"Guten Tag,\n\nes geht um Ihre Rechnung A-2026-00417.\n\n{AGENT}"
    match = POOL.decide(mail("Bo Falk <bo@falk-architekten.example>", text))
    assert (match.action, match.candidates) == (Action.REVIEW, ("W1",))


def test_a_suppliers_own_invoice_says_nothing() -> None:
    text = f"Guten Tag,\n\nanbei unsere Rechnung A-2026-00417 für Ostseewerft Kröger.\n\n{AGENT}"
    assert POOL.decide(mail("Bo Falk <bo@falk-architekten.example>", text)).action is not Action.ATTACH


def test_a_known_sender_stays_who_they_are_whatever_number_they_quote() -> None:
    match = POOL.decide(mail("i.kroeger@ostseewerft.example", "Hallo, wie in Rechnung R-2026-00931."))
    assert match.customer_id == "W1"


def test_a_mistyped_number_does_not_win_over_the_name() -> None:
    text = "Hallo, es geht um Auftrag A-2026-00417.\n\nViele Grüße\nVera Maiwald\nUlmenweg 12\n04107 Leipzig"
    assert POOL.decide(mail("Vera Maiwald <vm83@gmail.com>", text)).customer_id != "W1"


def test_a_fax_is_the_callers() -> None:
    match = POOL.decide(mail("fax@bote.example", "Seiten: 2", subject="Neues Fax von +49381771209"))
    assert filed(match) == (Action.ATTACH, "W1", None)


def test_the_street_tells_namesakes_apart() -> None:
    text = signed("Vera Maiwald", "Am Hang 3", "79100 Freiburg")
    assert filed(POOL.decide(mail("Vera Maiwald <neu@gmail.com>", text))) == (Action.ATTACH, "P3", "C8")


def test_a_name_alone_proposes_and_never_files() -> None:
    match = POOL.decide(mail("Heiner Abendroth <hx@gmail.com>"))
    assert (match.action, match.customer_id, match.candidates) == (Action.REVIEW, None, ("W2",))


def test_a_surname_alone_proposes_nobody() -> None:
    assert POOL.decide(mail("Abendroth <hx@gmail.com>")).action is Action.UNKNOWN


def test_a_namesake_of_another_firm_is_nobody_we_know() -> None:
    text = signed("Mats Lindqvist", "Segelmacherei Holm GmbH", "Seestr. 1, 18119 Rostock")
    assert POOL.decide(mail("Mats Lindqvist <ml@segel-holm.example>", text)).action is Action.UNKNOWN


def test_a_private_address_with_firm_and_telephone_is_the_persons() -> None:
    text = signed("Mats Lindqvist", "Ostseewerft Kröger GmbH", "Tel. +49 381 77120-22")
    match = POOL.decide(mail("Mats Lindqvist <mats.lindqvist@gmail.com>", text))
    assert filed(match) == (Action.ATTACH, "W1", "C2")


@pytest.mark.parametrize("said", ["Wir sind noch kein Kunde bei Ihnen.", "Wie werden wir Kunde bei Ihnen?"])
def test_who_says_that_they_are_no_customer_is_not_filed(said: str) -> None:
    text = f"Hallo,\n\n{said}\n\nMit freundlichen Grüßen\nUwe Lohr\nOstseewerft Kröger GmbH\n80331 München"
    assert POOL.decide(mail("Uwe Lohr <lohr@werft-kroeger-sued.example>", text)).action is not Action.ATTACH


def test_who_left_a_firm_does_not_write_for_it() -> None:
    text = "Hallo,\n\nich arbeite nicht mehr bei Ostseewerft Kröger und bestelle privat.\n\nGruß\nMats Lindqvist"
    assert POOL.decide(mail("Mats Lindqvist <mats.l@gmail.com>", text)).action is Action.UNKNOWN


def test_quoted_customers_and_references_do_not_count() -> None:
    told = "empfohlen hat Sie Frau Ingrid Kröger von der Ostseewerft Kröger GmbH (Tel. +49 381 77120-14)."
    text = f"Hallo,\n\n{told}\n\nGruß\nBo"
    assert POOL.decide(mail("Bo Falk <bo@falkdruck.example>", text)).action is Action.UNKNOWN


def test_a_vat_id_of_another_firm_keeps_a_mail_from_being_filed() -> None:
    text = signed("Jana Thoms", "Ostseewerft Kröger GmbH", "USt-IdNr.: DE811569869")
    assert POOL.decide(mail("Jana Thoms <j.thoms@gmail.com>", text)).action is not Action.ATTACH


def test_a_customer_entered_twice_is_filed_under_one_of_the_records() -> None:
    twin = replace(SHIPYARD, id="W9", name="Ostseewerft Kröger GmbH", legal_form="")
    match = SmallPool((SHIPYARD, twin), PEOPLE[:2]).decide(mail("info@ostseewerft.example"))
    assert match.action is Action.ATTACH


# Whom they act for


def test_who_acts_for_a_customer_is_filed_under_that_customer_without_a_person() -> None:
    text = (
        "Guten Tag,\n\nim Auftrag unseres Kunden Ostseewerft Kröger GmbH (Auftrag A-2026-00417).\n\nGruß\nSilke Sturm"
    )
    assert filed(POOL.decide(mail("Silke Sturm <sturm@hv-sturm.example>", text))) == (Action.ATTACH, "W1", None)


def test_who_acts_for_two_customers_is_asked_about() -> None:
    text = (
        "Guten Tag,\n\nes geht um zwei unserer Kunden: Ostseewerft Kröger GmbH (A-2026-00417) und Tischlerei Abendroth"
        " (R-2026-00931).\n\nGruß\nSilke Sturm"
    )
    match = POOL.decide(mail("Silke Sturm <sturm@hv-sturm.example>", text))
    assert match.action is Action.REVIEW
    assert set(match.candidates) == {"W1", "W2", "A1"}


# Threads


def thread(customer: str, *participants: str) -> dict[str, ThreadEntry]:
    return {
        "p@muster": ThreadEntry("p@muster", "p@muster", Direction.OUTGOING, customer, None, frozenset(participants))
    }


ANSWER = "In-Reply-To: <p@muster>"


def test_an_answer_to_our_mail_belongs_to_whom_we_wrote() -> None:
    match = POOL.decide(mail("neue.adresse@gmail.com", "Ja, passt.", ANSWER), thread=thread("W2", "t@gmx.de"))
    assert filed(match) == (Action.ATTACH, "W2", None)


def test_another_customer_who_answers_is_asked_about() -> None:
    match = POOL.decide(mail("i.kroeger@ostseewerft.example", "Ja.", ANSWER), thread=thread("W2", "t@gmx.de"))
    assert match.action is Action.REVIEW
    assert set(match.candidates) == {"W1", "W2"}


def test_a_lawyer_who_answers_is_not_filed_under_the_customer() -> None:
    text = (
        "Guten Tag,\n\nbitte nur noch über uns.\n\nMit freundlichen Grüßen\nDr. Ada Voss\nVoss Rechtsanwälte PartG mbB"
    )
    match = POOL.decide(mail("Dr. Ada Voss <voss@voss-recht.example>", text, ANSWER), thread=thread("W2", "t@gmx.de"))
    assert (match.action, match.candidates) == (Action.REVIEW, ("W2",))


# Ours


def test_what_we_wrote_belongs_to_the_recipient() -> None:
    sent = "From: kollege@muster.example\nTo: i.kroeger@ostseewerft.example, chef@muster.example\nSubject: x\n\nText"
    match = POOL.decide(sent, folder=FolderRole.SENT)
    assert filed(match) == (Action.ATTACH, "W1", "C1")
    assert "recipient" in reasons(match)


def test_what_we_wrote_to_two_customers_is_asked_about() -> None:
    sent = "From: kollege@muster.example\nTo: i.kroeger@ostseewerft.example, v-m@web.de\nSubject: x\n\nText"
    assert set(POOL.decide(sent, folder=FolderRole.SENT).candidates) == {"W1", "P3"}


def test_mail_among_ourselves_is_nobodys() -> None:
    match = POOL.decide("From: a@muster.example\nTo: b@muster.example\nSubject: x\n\nWegen Ostseewerft Kröger GmbH.")
    assert match.action is Action.UNKNOWN
    assert reasons(match) == {"internal"}


def test_a_bounce_belongs_to_whom_our_mail_did_not_reach() -> None:
    text = (
        "From: Mail Delivery System <MAILER-DAEMON@muster.example>\nTo: info@muster.example\nSubject: Unzustellbar\n"
        "Auto-Submitted: auto-replied\n\n<v-m@web.de>: host mx said: 550 5.1.1 User unknown\n\n"
        "Final-Recipient: rfc822; v-m@web.de\nAction: failed\nStatus: 5.1.1\n"
    )
    assert POOL.decide(text).customer_id == "P3"


def test_a_web_form_is_the_persons_who_filled_it_in() -> None:
    text = "Name: Vera Maiwald\nE-Mail: neu@gmail.com\nTelefon: 0341 998877\nNachricht:\nBitte um Rückruf."
    match = POOL.decide(mail("formular@muster.example", text, "Reply-To: neu@gmail.com"))
    assert filed(match) == (Action.ATTACH, "P1", "C5")


# The table


def test_every_piece_of_evidence_has_words() -> None:
    assert all(knows(f"reason.{reason}") for reason in TABLE)


def test_a_firm_may_set_other_weights() -> None:
    strict = SmallPool((SHIPYARD,), PEOPLE[:2], firm=replace(FIRM, weights={"domain": 0.0}))
    assert strict.decide(mail("neu@ostseewerft.example")).action is not Action.ATTACH
