"""Promise 4: who pretends to be a customer is never filed under their name; and nobody is accused for a common name."""

import dataclasses
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.matching import pretexts
from rules.summary import match_sentence
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.finding import Action, Match
from rules.terms.mail import Verdict
from tests.rules.small_pool import FIRM, SmallPool, mail, reasons

BREWERY = Customer(
    "B1", "Brauhaus Lindenfels", legal_form="GmbH", street="Malzgasse 3", zip="96047", city="Bamberg", country="DE",
    phone="+49 951 40080-0", email="info@brauhaus-lindenfels.example", domain="brauhaus-lindenfels.example",
)  # fmt: skip
MILLER = Customer("B2", "Moulin d'Or", legal_form="SARL", zip="67000", city="Strasbourg", domain="moulin-dor.example")
PRIVATE = Customer("B3", "Greta Holm", kind=CustomerKind.PERSON, street="Am Wall 2", zip="28195", city="Bremen")
PEOPLE = (
    Contact("C1", "B1", first_name="Konrad", last_name="Fuchs", role="Buchhaltung",
            email="k.fuchs@brauhaus-lindenfels.example", phone="+49 951 40080-12"),
    Contact("C2", "B2", first_name="Aline", last_name="Roux", email="aline.roux@moulin-dor.example"),
    Contact("C3", "B3", first_name="Greta", last_name="Holm", email="greta.holm@web.de"),
)  # fmt: skip
POOL = SmallPool((BREWERY, MILLER, PRIVATE), PEOPLE)
SIGNATURE = "\n\nMit freundlichen Grüßen\nKonrad Fuchs\nBrauhaus Lindenfels GmbH"
FULL = f"{SIGNATURE}\nMalzgasse 3, 96047 Bamberg\nTel. +49 951 40080-12"


def said(text: str, *signature: str) -> str:
    return "\n".join(("Hallo,", "", text, "", "Gruß", *signature))


def warned(match: Match, customer: str) -> bool:
    return match.spoof and match.action is not Action.ATTACH and match.candidates[:1] == (customer,)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NONE])
@pytest.mark.parametrize(
    "domain",
    [
        "brauhaus-lindenfe1s.example",
        "brauhaus-lindenfels-service.example",
        "brauhaus-linndenfels.example",
        "brauhauslindenfeis.example",
        "lindenfels-brauhaus.example",
        "brauhaus-lindenfels.example.post-zentrum.test",
        "brauhaus-lind\u0435nfels".encode("idna").decode() + ".example",
    ],
)
def test_a_lookalike_domain_is_an_imposture_even_when_it_passes_its_own_check(domain: str, verdict: Verdict) -> None:
    match = POOL.decide(mail(f"Konrad Fuchs <k.fuchs@{domain}>", f"Guten Tag,\n\nbitte um Rückruf.{FULL}"), verdict)
    assert warned(match, "B1")
    assert "lookalike" in reasons(match)


def test_an_invented_person_at_a_lookalike_is_one_too() -> None:
    text = "Guten Tag,\n\nbitte um Rückruf.\n\nGruß\nEva Nimmda\nBrauhaus Lindenfels GmbH"
    assert warned(POOL.decide(mail("Eva Nimmda <e.nimmda@brauhaus-lindenfals.example>", text)), "B1")


def test_one_of_their_people_under_another_ending_is_suspicious() -> None:
    match = POOL.decide(
        mail("Konrad Fuchs <k.fuchs@brauhaus-lindenfels.test>", f"Hallo,\n\nwie besprochen.{SIGNATURE}")
    )
    assert warned(match, "B1")
    assert "other-ending" in reasons(match)


@pytest.mark.parametrize(
    "wish",
    [
        "Unsere Bankverbindung hat sich geändert, bitte überweisen Sie künftig auf das neue Konto.",
        "Kaufen Sie bitte fünf Geschenkkarten und schicken Sie mir die Codes.",
        "Ich brauche dringend Ihre Hilfe, antworten Sie bitte nur auf diese Mail.",
        "Der Fahrer holt die Ware morgen ab, bitte ohne Lieferschein mitgeben.",
        "Please pay the invoice today, our account details have changed.",
        "Bitte senden Sie mir ein neues Passwort für das Kundenportal.",
    ],
)
@pytest.mark.parametrize("sender", ["Konrad Fuchs <zkvv41@gmail.com>", "Konrad Fuchs <konrad.fuchs@gmail.com>"])
def test_a_known_name_with_an_impostors_wish_is_one_whatever_stands_below(sender: str, wish: str) -> None:
    for signature in (SIGNATURE, FULL):
        match = POOL.decide(mail(sender, f"Guten Tag,\n\n{wish}{signature}"), Verdict.PASS)
        assert warned(match, "B1")
        assert {"foreign-address", "pretext"} <= reasons(match)


def test_the_customers_address_shown_beside_another_is_deceit() -> None:
    match = POOL.decide(mail('"k.fuchs@brauhaus-lindenfels.example" <zk41@gmx.net>', "Hallo,\n\nbitte um Rückruf."))
    assert warned(match, "B1")
    assert "shown-address" in reasons(match)


def test_name_and_firm_shown_on_a_foreign_address_are_suspicious_without_any_wish() -> None:
    match = POOL.decide(
        mail('"Konrad Fuchs | Brauhaus Lindenfels" <zk41@gmx.net>', f"Hallo,\n\nwie besprochen.{SIGNATURE}")
    )
    assert warned(match, "B1")


# No alarm


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Konrad Fuchs <konrad.fuchs@gmail.com>", f"Hallo,\n\nheute von privat: wann kommt die Ware?{FULL}"),
        ("Konrad Fuchs <kfuchs77@gmx.net>", "Hallo,\n\nwas kostet ein Schrank?\n\nGruß\nKonrad Fuchs"),
        (
            "Konrad Fuchs <fuchs@fuchsbau.example>",
            said("unsere neue IBAN folgt.", "Konrad Fuchs", "Fuchsbau GmbH", "20095 Hamburg"),
        ),
        (
            "Eva Nimmda <eva@brauhaus-lindenthal.example>",
            said("wir sind neu.", "Eva Nimmda", "Brauhaus Lindenthal KG", "50931 Köln"),
        ),
        ("Neu Hier <neu@brauhaus-lindenfels.example>", f"Hallo,\n\nunsere Bankverbindung hat sich geändert.{FULL}"),
        ("k.fuchs@brauhaus-lindenfels.example", f"Hallo,\n\nunsere Bankverbindung hat sich geändert.{FULL}"),
        ("Greta Holm <greta.holm@gmail.com>", said("ich bin umgezogen.", "Greta Holm", "Am Wall 2", "28195 Bremen")),
    ],
)
def test_what_merely_resembles_is_no_alarm(sender: str, text: str) -> None:
    assert not POOL.decide(mail(sender, text), Verdict.PASS).spoof


def test_a_list_that_rewrites_the_sender_is_no_alarm() -> None:
    text = mail(
        "'Konrad Fuchs' via Einkauf <einkauf@innung.example>",
        "Hallo,\n\nwann kommt die Ware?\n\nGruß\nKonrad Fuchs",
        "List-Id: <einkauf.innung.example>",
        "Reply-To: Konrad Fuchs <k.fuchs@brauhaus-lindenfels.example>",
    )
    match = POOL.decide(text, Verdict.PASS)
    assert (match.spoof, match.customer_id, match.contact_id) == (False, "B1", "C1")


def test_but_a_list_does_not_make_an_impostors_wish_honest() -> None:
    text = mail(
        "'Konrad Fuchs' via Einkauf <einkauf@innung.example>",
        f"Hallo,\n\nunser Konto hat sich geändert, bitte überweisen Sie heute noch.{SIGNATURE}",
        "List-Id: <einkauf.innung.example>",
        "Reply-To: Konrad Fuchs <k.fuchs@brauhaus-lindenfels.example>",
    )
    assert POOL.decide(text, Verdict.PASS).action is not Action.ATTACH


# The sender check


def test_a_failed_check_never_files_even_on_an_exact_address() -> None:
    match = POOL.decide(mail("Konrad Fuchs <k.fuchs@brauhaus-lindenfels.example>"), Verdict.FAIL)
    assert warned(match, "B1")
    assert match.evidence[0].reason == "authentication"


def test_a_failed_check_of_nobody_we_know_is_no_impersonation() -> None:
    match = POOL.decide(mail("fremd@unbekannt.example"), Verdict.FAIL)
    assert (match.action, match.spoof) == (Action.UNKNOWN, False)


def test_a_check_that_fails_because_somebody_passed_the_mail_on_is_asked_about_without_alarm() -> None:
    honest = mail("k.fuchs@brauhaus-lindenfels.example", f"Hallo,\n\nwann kommt die Ware?{FULL}")
    match = POOL.decide(honest, Verdict.FAIL, passed_on=True)
    assert (match.action, match.spoof, match.candidates) == (Action.REVIEW, False, ("B1",))
    wishing = mail(
        "k.fuchs@brauhaus-lindenfels.example", f"Hallo,\n\nüberweisen Sie bitte heute auf unser neues Konto.{FULL}"
    )
    assert POOL.decide(wishing, Verdict.FAIL, passed_on=True).spoof


WORDS = st.sampled_from(
    [
        "Konrad Fuchs",
        "Brauhaus Lindenfels GmbH",
        "Tel. +49 951 40080-12",
        "neue IBAN",
        "heute",
        "Guten Tag,",
        "",
        "Gruß",
        "Malzgasse 3",
        "96047 Bamberg",
        "im Auftrag unseres Kunden",
        "empfohlen von",
        "Auftrag 4711",
        "@",
        "Moulin d'Or",
    ]
)
SENDERS = st.sampled_from(
    [
        "k.fuchs@brauhaus-lindenfels.example",
        "k.fuchs@brauhaus-1indenfels.example",
        "x@gmail.com",
        "",
        "x@moulin-dor.example",
        "aline.roux@moulin-dor.example",
        "x@brauhaus-lindenfels.test",
    ]
)


@settings(deadline=None)
@given(
    SENDERS,
    st.sampled_from(["", "Konrad Fuchs", "Aline Roux", "a@b, c"]),
    st.lists(WORDS, max_size=8),
    st.sampled_from(Verdict),
)
def test_promises_hold_whatever_a_mail_says(sender: str, name: str, lines: list[str], verdict: Verdict) -> None:
    match = POOL.decide(mail(f'"{name}" <{sender}>', "\n".join(lines) or "x"), verdict)
    assert (match.action is Action.ATTACH) == (match.customer_id is not None)
    assert 0 <= match.confidence < 1
    assert len(match.candidates) <= 3
    assert len(set(match.candidates)) == len(match.candidates)
    if match.action is not Action.UNKNOWN:
        assert match.evidence, "no decision without a reason"
    if verdict is Verdict.FAIL or match.spoof:
        assert match.action is not Action.ATTACH
    if match.spoof:
        assert match.candidates, "whoever is impersonated is named"
    if match.customer_id:
        assert match.candidates[0] == match.customer_id
    if match.contact_id:
        assert any(one.id == match.contact_id and one.customer_id == match.customer_id for one in PEOPLE)


@pytest.mark.parametrize("worst", ["neu ", "zahlen heute ", "DE12 ", "a", "nur hier ", "brauche "])
def test_a_hostile_text_costs_little(worst: str) -> None:
    pretexts.found(worst * (200_000 // len(worst)))


# What anybody can look up


PUBLIC = "\n\nGruß\nEva Nimmda\nBrauhaus Lindenfels GmbH\nMalzgasse 3, 96047 Bamberg\nTel. +49 951 40080-0"
MOBILE = SmallPool((BREWERY,), (Contact("C9", "B1", first_name="Ida", last_name="Rau", mobile="+49 171 2223334"),))


def test_public_particulars_file_a_mail_on_which_nothing_hangs() -> None:
    match = POOL.decide(mail("Eva Nimmda <zk41@gmx.net>", f"Hallo,\n\ndie Gläser sind angekommen.{PUBLIC}"))
    assert (match.action, match.customer_id) == (Action.ATTACH, "B1")


@pytest.mark.parametrize("text", ["Wohin soll die Überweisung?", "Wer ist Ansprechpartner für Gutscheine?"])
def test_but_money_and_keys_are_asked_about(text: str) -> None:
    match = POOL.decide(mail("Eva Nimmda <zk41@gmx.net>", f"Hallo,\n\n{text}{PUBLIC}"), Verdict.PASS)
    assert match.action is Action.REVIEW
    assert match.candidates[:1] == ("B1",)


@pytest.mark.parametrize(
    "wish",
    [
        "Versuchen Sie es bitte mit LT121000011101001000.",
        "Bitte geben Sie die Maschine morgen dem Kurier mit.",
        "Bitte liefern Sie alles an das Zwischenlager am Hafen.",
        "Ich brauche eine Kopie vom Reisepass Ihres Chefs.",
        "Zum Öffnen bitte mit dem Firmenkonto anmelden.",
        "Schicken Sie mir eine Liste aller Ansprechpartner in der Buchhaltung.",
        "Bitte erhöhen Sie unser Kreditlimit.",
        "Please release the machines to our carrier tomorrow.",
    ],
)
def test_and_an_impostors_wish_is_a_warning_whoever_signs(wish: str) -> None:
    for sender in ("Eva Nimmda <zk41@gmx.net>", "Konrad Fuchs <zk41@gmx.net>"):
        assert warned(POOL.decide(mail(sender, f"Hallo,\n\n{wish}{PUBLIC}"), Verdict.PASS), "B1")


def test_a_stored_mobile_is_known_to_no_outsider() -> None:
    text = "Hallo,\n\nunser Konto wurde belastet, warum?\n\nGruß\nIda Rau\nBrauhaus Lindenfels GmbH\n+49 171 2223334"
    assert MOBILE.decide(mail("Ida Rau <ida.rau@gmx.net>", text)).customer_id == "B1"


def test_a_fax_from_a_stored_mobile_is_its_owners() -> None:
    match = MOBILE.decide(mail("fax@bote.example", "Sie haben ein Fax.", subject="Fax von +491712223334"))
    assert (match.customer_id, match.contact_id) == ("B1", "C9")


def test_a_stranger_with_the_vat_id_on_a_lookalike_is_an_impostor() -> None:
    pool = SmallPool((dataclasses.replace(BREWERY, vat_id="DE811907980"),))
    text = "Hallo,\n\nbitte um Rückruf.\n\nGruß\nEva Nimmda\nUSt-IdNr. DE811907980"
    assert warned(pool.decide(mail("Eva Nimmda <e@brauhaus-lindenfels-inkasso.example>", text), Verdict.PASS), "B1")


def test_a_stored_ending_that_does_not_exist_accuses_nobody() -> None:
    pool = SmallPool(
        (dataclasses.replace(BREWERY, email="", domain=""),),
        (dataclasses.replace(PEOPLE[0], email="k.fuchs@brauhaus-lindenfels.dde"),),
    )
    text = f"Hallo,\n\ndie Gläser sind angekommen.{FULL}"
    assert not pool.decide(mail("Konrad Fuchs <k.fuchs@brauhaus-lindenfels.de>", text), Verdict.PASS).spoof


# Answers that go elsewhere

FUCHS = "Konrad Fuchs <k.fuchs@brauhaus-lindenfels.example>"
HARMLESS = "Hallo,\n\nwann kommt die Ware?"


@pytest.mark.parametrize(
    ("verdict", "answer", "text", "action", "spoof"),
    [
        (Verdict.NONE, "zk41@gmx.net", HARMLESS, Action.REVIEW, False),
        (Verdict.PASS, "zk41@gmx.net", HARMLESS, Action.ATTACH, False),
        (Verdict.PASS, "zk41@gmx.net", "Hallo,\n\nunsere IBAN ist neu.", Action.REVIEW, True),
        (Verdict.NONE, "k.fuchs@brauhaus-lindenfels-mail.example", HARMLESS, Action.REVIEW, True),
        (Verdict.NONE, "info@brauhaus-lindenfels.example", "Hallo,\n\nunsere IBAN ist neu.", Action.ATTACH, False),
    ],
)
def test_an_answer_to_strangers_is_not_given_lightly(
    verdict: Verdict, answer: str, text: str, action: Action, spoof: bool
) -> None:
    match = POOL.decide(mail(FUCHS, text, f"Reply-To: <{answer}>"), verdict)
    assert (match.action, match.spoof) == (action, spoof)
    assert match.candidates[:1] == ("B1",)


# Our own people

OURS = SmallPool((BREWERY,), firm=dataclasses.replace(FIRM, people=frozenset({"Gerda Muster"})))
BUY = "Hallo,\n\nkaufen Sie bitte fünf Gutscheinkarten."


@pytest.mark.parametrize(
    ("sender", "text", "verdict"),
    [
        ("Gerda Muster <zk41@gmx.net>", BUY, Verdict.PASS),
        ("Gerda Muster <g.muster@rnuster.example>", HARMLESS, Verdict.PASS),
        ("Gerda Muster <g.muster@muster.example>", HARMLESS, Verdict.FAIL),
        ("Jemand <buero@muster-gmbh.example>", BUY, Verdict.NONE),
    ],
)
def test_who_plays_one_of_us_is_an_impostor(sender: str, text: str, verdict: Verdict) -> None:
    match = OURS.decide(mail(sender, text), verdict)
    assert (match.action, match.spoof, match.candidates) == (Action.UNKNOWN, True, ())
    assert "aus Ihrem Haus" in match_sentence(match, "", "de")


@pytest.mark.parametrize("sender", ["Gerda Muster <zk41@gmx.net>", "Eva Nimmda <e@nimmda.example>"])
def test_namesakes_and_strangers_are_not_accused_of_it(sender: str) -> None:
    assert not OURS.decide(mail(sender, HARMLESS), Verdict.PASS).spoof


@pytest.mark.parametrize("patterns", [pretexts.GRAVE, pretexts.EVERYDAY], ids=["grave", "everyday"])
@given(data=st.data())
def test_a_wish_is_found_in_whatever_words_its_pattern_takes(
    patterns: tuple[pretexts.Row, ...], data: st.DataObject
) -> None:
    """Each pattern is tried only where one of its cues stands."""
    row = data.draw(st.sampled_from(patterns))
    text = data.draw(st.from_regex(row[1]))
    assert bool(pretexts.first((row,), text)) == bool(row[1].search(text))


@pytest.mark.parametrize("unit", ["iban ", "kurier ", "LT12 ", "anmelden dokument ", "konto bank zahlung ", "a" * 50])
def test_looking_for_wishes_takes_no_longer_on_hostile_mails(unit: str) -> None:
    begun = time.process_time()
    text = unit * (200_000 // len(unit))
    pretexts.found(text), pretexts.everyday(text), pretexts.touchy(text)
    assert time.process_time() - begun < 1.0
