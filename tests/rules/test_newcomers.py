"""What a mail of somebody unknown tells of them, and when two addresses are one person's."""

import time

import pytest

from rules import newcomers
from rules.terms.customer import CustomerKind
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, MailKind, Message, Reading

INCOMING = Direction.INCOMING

FIRM = Firm(name="Muster GmbH", domains=frozenset({"muster.example"}))
SIGNATURE = """Mit freundlichen Grüßen
Dr. Lena Brandt
Leiterin Einkauf

Brandt Druck GmbH & Co. KG
Hafenweg 3
20457 Hamburg
Tel. +49 40 5550133
Mobil +49 170 5550133
"""


def about(sender: str, name: str = "", text: str = "Guten Tag", signature: str = "") -> newcomers.Newcomer:
    message = Message(
        identity="1:x", message_id="x", sender=Address(sender, name), subject="", date=None, text=text, size=1
    )
    return newcomers.described(message, Reading(MailKind.PERSON, text, signature or None), INCOMING, sender, FIRM)


def test_a_signature_fills_the_form() -> None:
    found = about("l.brandt@brandt-druck.example", "Brandt, Lena", signature=SIGNATURE)
    customer, contact = found.customer, found.contact
    assert (customer.name, customer.zip, customer.city) == ("Brandt Druck GmbH & Co. KG", "20457", "Hamburg")
    assert (customer.kind, customer.domain, customer.email) == (CustomerKind.FIRM, "brandt-druck.example", "")
    assert (contact.title, contact.first_name, contact.last_name) == ("Dr.", "Lena", "Brandt")
    assert (contact.email, contact.phone, contact.mobile) == (
        "l.brandt@brandt-druck.example",
        "+49 40 5550133",
        "+49 170 5550133",
    )


def test_the_street_stands_in_the_form() -> None:
    assert about("l.brandt@brandt-druck.example", signature=SIGNATURE).customer.street == "Hafenweg 3"
    in_line = "Gruß\nOtto Krause, Am Alten Markt 12 b, 8010 Graz"
    assert about("otto.krause77@gmx.at", "Otto Krause", text=in_line).customer.street == "Am Alten Markt 12 b"
    assert about("otto.krause77@gmx.at", text="Gruß\nOtto\n8010 Graz").customer.street == ""


def test_a_name_is_told_once() -> None:
    assert about("l.brandt@brandt-druck.example", "Brandt, Lena").called == ("Lena Brandt", "Brandt Druck")
    assert about("post@lena-brandt.example", "Lena Brandt").called == ("Lena Brandt",)
    assert about("xy7@gmx.de").called == ("xy7@gmx.de",)


def test_of_a_mail_that_a_colleague_passed_on_the_first_writer_is_described() -> None:
    text = "Kannst Du das übernehmen?\n\nPaul Meier\nMuster GmbH\nHauptstr. 1\n10115 Berlin"
    message = Message(
        identity="1:x", message_id="x", sender=Address("p.meier@muster.example", "Paul Meier"), subject="WG: Anfrage",
        date=None, text=text, size=1,
    )  # fmt: skip
    reading = Reading(
        MailKind.PERSON, text, None, original_sender=Address("l.brandt@brandt-druck.example", "Lena Brandt"),
        fwd_text="Guten Tag,\n\nwas kostet das?\n\nMit freundlichen Grüßen\nLena Brandt\nHafenweg 3\n20457 Hamburg",
    )  # fmt: skip
    found = newcomers.described(message, reading, Direction.OUTGOING, "l.brandt@brandt-druck.example", FIRM)
    assert found.called == ("Lena Brandt", "Brandt Druck")
    assert found.customer.city == "Hamburg"


def test_without_a_signature_name_and_domain_tell() -> None:
    found = about("l.brandt@brandt-druck.example", "Lena Brandt")
    assert (found.firm, found.contact.last_name) == ("Brandt Druck", "Brandt")
    assert about("lena.brandt@brandt-druck.example").contact.first_name == "Lena"


def test_a_private_person_is_no_firm() -> None:
    found = about("otto.krause77@gmx.de", "Otto Krause")
    assert (found.customer.kind, found.customer.name, found.customer.email) == (
        CustomerKind.PERSON,
        "Otto Krause",
        "otto.krause77@gmx.de",
    )
    assert (found.contact.last_name, found.firm) == ("", "")


def test_our_own_firm_is_not_theirs() -> None:
    found = about("x@gmx.de", "Otto Krause", "Anfrage an die Muster GmbH", "Otto Krause\nMuster GmbH")
    assert found.firm == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (about("a@f.example", "Lena Brandt"), about("lb@f.example", "Brandt, Lena"), True),
        (about("a@gmx.de", signature=SIGNATURE), about("b@web.de", signature=SIGNATURE), True),
        (about("a@gmx.de", "Lena Brandt"), about("b@web.de", "Lena Brandt"), False),
        (about("a@f.example", "Lena Brandt"), about("b@f.example", "Jan Brandt"), False),
        (about("a@f.example", "Brandt"), about("b@f.example", "Brandt"), False),
        (about("a@f.example"), about("b@f.example"), False),
    ],
    ids=["same domain", "same telephone", "namesakes", "colleagues", "no first names", "no names"],
)  # fmt: skip
def test_the_same_full_name_and_firm_or_telephone_is_one_person(
    one: newcomers.Newcomer, other: newcomers.Newcomer, same: bool
) -> None:
    assert newcomers.same_person(one, other) is same
    assert newcomers.same_person(other, one) is same


@pytest.mark.parametrize("text", ["+49 40 " * 30_000, "Mobil\n" * 30_000, "GmbH " * 40_000, "a" * 200_000])
def test_hostile_text_costs_little(text: str) -> None:
    began = time.process_time()
    about("a@f.example", "Lena Brandt", text, text)
    assert time.process_time() - began < 2.0
