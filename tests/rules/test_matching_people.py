"""Private people: rare names, couples with one address, addresses that are one slip off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import lookalikes, names
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.finding import Action, Match
from rules.terms.mail import Verdict
from tests.rules.small_pool import SmallPool, mail, reasons

PERSON = CustomerKind.PERSON
RARE = Customer(
    "P1", "Maria Ebersroth", kind=PERSON, street="Ulmenweg 12", zip="88131", city="Lindau",
    email="maria.ebersroth@gmx.de",
)  # fmt: skip
COMMON = Customer("P2", "Anna Huber", kind=PERSON, street="Am Hang 3", zip="6020", city="Innsbruck", country="AT")
COUPLE = Customer("P3", "Sabine Tannhof", kind=PERSON, street="Torweg 1", zip="8400", city="Winterthur", country="CH")
HERS, HIS = Customer("P4", "Leonie Quast", kind=PERSON), Customer("P5", "Reto Quast", kind=PERSON)
PEOPLE = (
    Contact("M", "P1", first_name="Maria", last_name="Ebersroth", email="maria.ebersroth@gmx.de"),
    Contact("A", "P2", first_name="Anna", last_name="Huber"),
    Contact("S", "P3", first_name="Sabine", last_name="Tannhof", email="tannhof-winti@gmx.ch"),
    Contact("J", "P3", first_name="Jörg", last_name="Tannhof", email="tannhof-winti@gmx.ch"),
    Contact("L", "P4", first_name="Leonie", last_name="Quast", email="quast@gmx.de"),
    Contact("R", "P5", first_name="Reto", last_name="Quast", email="quast@gmx.de"),
)
POOL = SmallPool((RARE, COMMON, COUPLE, HERS, HIS), PEOPLE)


def signed(sender: str, signature: str) -> Match:
    return POOL.decide(mail(sender, f"Guten Tag,\n\nwann kommt die Ware?\n\n{signature}"))


# A rare name and a town


@pytest.mark.parametrize("name", ["Ebersroth", "M. Ebersroth", "Familie Ebersroth"])
def test_a_rare_name_with_its_postcode_is_one_person(name: str) -> None:
    match = signed("xy77@web.de", f"Mit freundlichen Grüßen\n{name}\n88131 Lindau")
    assert (match.action, match.customer_id) == (Action.ATTACH, "P1")
    assert reasons(match) >= {"rare-surname", "residence"}


def test_a_whole_rare_name_and_its_town_are_enough() -> None:
    match = signed("xy77@web.de", "Gruß\nMaria Ebersroth aus Lindau")
    assert (match.action, match.customer_id, match.contact_id) == (Action.ATTACH, "P1", "M")


@pytest.mark.parametrize(
    ("signature", "customer"),
    [("Ebersroth, Lindau", "P1"), ("A. Huber\n6020 Innsbruck", "P2"), ("Anna Huber, Innsbruck", "P2")],
)
def test_a_loose_town_or_a_common_name_is_asked_about(signature: str, customer: str) -> None:
    match = signed("xy77@web.de", signature)
    assert (match.action, match.candidates) == (Action.REVIEW, (customer,))


def test_a_rare_name_of_two_customers_in_one_town_is_asked_about() -> None:
    brother = Customer("P9", "Jan Ebersroth", kind=PERSON, street="Seeweg 4", zip="88131", city="Lindau")
    pool = SmallPool((RARE, brother), PEOPLE[:1])
    match = pool.decide(mail("xy77@web.de", "Guten Tag\n\nGruß\nEbersroth\n88131 Lindau"))
    assert (match.action, set(match.candidates)) == (Action.REVIEW, {"P1", "P9"})


def test_a_rare_name_in_another_town_is_a_stranger() -> None:
    assert signed("xy77@web.de", "Gruß\nEbersroth\n20095 Hamburg").action is Action.UNKNOWN


# A couple with one address

FORMS = (
    "Gruß {}", "LG {}", "lg {}", "Liebe Grüße\n{}", "{}", "Grüße, {}", "Viele Grüße von {}", "Herzlichst, {} Tannhof",
    "VG {} T.", "Danke! {}", "Danke und Gruß {}", "Bis bald, {}", "- {}", "~ {}", "Servus, {}", "{} :-)", "Tschüss\n{}",
    "Gruß\ni. A. von meinem Mann\n{} Tannhof", "Beste Grüße\n{}\n\nVon meinem iPhone gesendet", "i. A. {} Tannhof",
)  # fmt: skip


@given(
    st.sampled_from(FORMS),
    st.sampled_from([("Sabine", "S"), ("Jörg", "J"), ("Joerg", "J")]),
    st.sampled_from(["", "Familie Tannhof", "Sabine und Jörg Tannhof", "Sabine Tannhof"]),
)
def test_of_a_couple_who_signs_wrote_whatever_the_account_is_called(
    form: str, who: tuple[str, str], display: str
) -> None:
    match = signed(f"{display} <tannhof-winti@gmx.ch>", form.format(who[0]))
    assert (match.customer_id, match.contact_id) == ("P3", who[1])


@given(
    st.sampled_from(
        [
            "Sabine & Jörg", "Sabine und Jörg", "LG Jörg + Sabine", "Sabine/Jörg", "S. & J. Tannhof", "Familie Tannhof",
            "Sabine, Jörg und die Kinder", "Jörg u. Sabine Tannhof", "Gruß Tim Tannhof", "Sabine mit Jörg",
        ]
    ),
    st.sampled_from(["", "Familie Tannhof", "Sabine und Jörg Tannhof", "Sabine Tannhof"]),
)  # fmt: skip
def test_who_signs_for_both_or_as_a_third_is_neither(signature: str, display: str) -> None:
    match = signed(f"{display} <tannhof-winti@gmx.ch>", signature)
    assert (match.customer_id, match.contact_id) == ("P3", None)


@pytest.mark.parametrize("display", ["", "Familie Quast"])
@pytest.mark.parametrize(("first", "customer", "contact"), [("Leonie", "P4", "L"), ("Reto", "P5", "R")])
def test_a_first_name_tells_the_customers_of_one_address_apart(
    display: str, first: str, customer: str, contact: str
) -> None:
    match = signed(f"{display} <quast@gmx.de>", f"Liebe Grüße\n{first}")
    assert (match.action, match.customer_id, match.contact_id) == (Action.ATTACH, customer, contact)


# One slip off


@pytest.mark.parametrize(
    "sender",
    ["maria.ebersrot@gmx.de", "Maria Ebersroth <maria.ebersrth@gmx.de>", "Ebersroth, Maria <mariaebersroth@gmx.de>"],
)
@pytest.mark.parametrize("more", ["", "\n\nMaria Ebersroth\nUlmenweg 12\n88131 Lindau"])
def test_an_address_that_is_almost_the_known_one_is_asked_about(sender: str, more: str) -> None:
    match = POOL.decide(mail(sender, f"Guten Tag, wann kommt die Ware?{more}"), Verdict.PASS)
    assert (match.action, match.spoof, match.candidates) == (Action.REVIEW, False, ("P1",))
    assert "address-like" in reasons(match)


def test_almost_the_address_of_somebody_with_another_name_is_another_person() -> None:
    match = POOL.decide(mail("Marta Ebersroth <marta.ebersroth@gmx.de>"), Verdict.PASS)
    assert (match.action, match.spoof) == (Action.UNKNOWN, False)


def test_with_an_impostors_wish_it_is_a_warning() -> None:
    wish = "Hallo, bitte überweisen Sie sofort auf unser neues Konto."
    match = POOL.decide(mail("Maria Ebersroth <maria.ebersrot@gmx.de>", wish), Verdict.PASS)
    assert (match.spoof, match.candidates) == (True, ("P1",))


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz.", min_size=8, max_size=20)


@given(LOCAL, st.data())
def test_one_letter_more_less_or_other_is_a_slip_and_a_figure_is_not(local: str, data: st.DataObject) -> None:
    letters = sum(letter.isalpha() for letter in local)
    if letters < 8:
        return
    at = data.draw(st.integers(0, len(local) - 1))
    cut = f"{local[:at]}{local[at + 1 :]}@gmx.de"
    assert lookalikes.slip_of(cut, f"{local}@gmx.de")
    assert lookalikes.slip_of(f"{local[:at]}q{local[at:]}@gmx.de", f"{local}@gmx.de")
    assert not lookalikes.slip_of(f"{local}7@gmx.de", f"{local}@gmx.de")
    assert not lookalikes.slip_of(f"{local}@gmx.de", f"{local}@gmx.de")
    assert not lookalikes.slip_of(cut, f"{local}@web.de")


def test_common_names_are_known_in_any_spelling() -> None:
    assert all(map(names.is_common, ("Müller", "Mueller", "MULLER", "Huber")))
    assert not any(map(names.is_common, ("Ebersroth", "Müller-Ebersroth", "")))
