"""Replies to begin with."""

from urllib.parse import parse_qs, urlsplit

import pytest

from rules.phrases.replies import REPLIES, TITLES
from rules.terms.complaint import Category
from rules.terms.customer import Contact
from rules.terms.snippet import Snippet
from rules.triage.replies import draft, replies, salutation

KARIN = Contact("P1", "C1", "Frau", "Dr.", "Karin", "Hansen", address_form="Sie")
UWE = Contact("P2", "C1", first_name="Uwe", last_name="Thomsen", address_form="du")


def texts(category: Category, contact: Contact | None, language: str = "de", remedy: str = "") -> dict[str, str]:
    made = replies(category, contact, language, until="Freitag", remedy=remedy, name="Anna Arndt", reader="de")
    return {one.key: one.text for one in made}


def test_a_reply_fits_what_it_is_about_the_language_and_the_form_of_address() -> None:
    polite = texts(Category.DELIVERY, KARIN)
    assert list(polite) == ["delivery", "received", "ask", "done"]
    assert polite["delivery"].startswith("Guten Tag Frau Dr. Hansen,\n\nes tut mir leid")
    assert "bei Ihnen" in polite["delivery"]
    assert polite["delivery"].endswith("Mit freundlichen Grüßen\nAnna Arndt")
    close = texts(Category.DELIVERY, UWE)["delivery"]
    assert close.startswith("Hallo Uwe,")
    assert "bei dir" in close
    assert close.endswith("Viele Grüße\nAnna Arndt")
    assert texts(Category.DELIVERY, KARIN, "fr")["delivery"].startswith("Dear Karin,\n\nI am sorry")


def test_what_is_not_known_is_left_to_be_filled_in() -> None:
    assert texts(Category.NONE, None)["received"].startswith("Guten Tag,\n\n")
    assert "erledigt: …." in texts(Category.NONE, None)["done"]
    assert "erledigt: {Ersatz}." in texts(Category.NONE, None, remedy="{Ersatz}")["done"]
    assert "bis Freitag" in texts(Category.OTHER, KARIN)["received"]


@pytest.mark.parametrize(
    ("contact", "language", "expected"),
    [
        (Contact("P", "C", "Firma", last_name="Hansen"), "de", "Guten Tag Hansen,"),
        (Contact("P", "C", first_name="Karin"), "de", "Guten Tag,"),
        (KARIN, "en", "Dear Karin,"),
        (None, "en", "Hello,"),
    ],
)
def test_nobody_is_addressed_by_a_guess(contact: Contact | None, language: str, expected: str) -> None:
    assert salutation(contact, language) == expected


def test_every_reply_has_a_title_and_each_language_and_form() -> None:
    assert TITLES.keys() == REPLIES.keys()
    for of in REPLIES.values():
        assert of.keys() == {("de", "Sie"), ("de", "Du"), ("en", "")}
        for text in of.values():
            assert text.format(until="x", remedy="y")
    assert set(REPLIES) - {"received", "ask", "done"} <= {category.value for category in Category}


def test_a_draft_is_an_address_that_a_mail_program_opens() -> None:
    made = urlsplit(draft("karin@hansen.example", "Tür & Tor?", "a%b@x.example", "Guten Tag,\n\nGröße"))
    assert (made.scheme, made.path) == ("mailto", "karin@hansen.example")
    assert parse_qs(made.query) == {
        "subject": ["Re: Tür & Tor?"],
        "In-Reply-To": ["<a%b@x.example>"],
        "body": ["Guten Tag,\r\n\r\nGröße"],
    }
    assert "Re%3A%20AW" not in draft("a@b.example", "AW: Angebot", None, "x")
    assert "body=" not in draft("a@b.example", "x", None, "ü" * 1000)
    assert urlsplit(draft("a@b.example?bcc=x@y.example", "x", None, "t")).path == "a@b.example%3Fbcc%3Dx@y.example"


def test_the_firms_own_snippets_come_first_where_they_fit() -> None:
    own = [
        Snippet("Zweitens", "Für {customer} bis {until}: {remedy}.", id=2),
        Snippet("Erstens", "Lieber {first_name} {last_name}", Category.DELIVERY, form="Du", id=1),
        Snippet("English", "Dear", language="en", id=3),
        Snippet("Rechnung", "x", Category.INVOICE, id=4),
        Snippet("Förmlich", "y", form="Sie", id=5),
    ]

    def keys(contact: Contact, language: str = "de") -> dict[str, str]:
        made = replies(
            Category.DELIVERY, contact, language, until="Freitag", remedy="", name="Anna", reader="de",
            own=own, values={"customer": "{remedy} & Co"},
        )  # fmt: skip
        return {one.key: one.text for one in made if one.key.startswith("own-")}

    assert list(keys(UWE)) == ["own-1", "own-2"]
    assert keys(UWE)["own-1"] == "Hallo Uwe,\n\nLieber Uwe Thomsen\n\nViele Grüße\nAnna"
    assert list(keys(KARIN)) == ["own-5", "own-2"]
    assert "Für {remedy} & Co bis Freitag: …." in keys(KARIN)["own-2"]
    assert list(keys(KARIN, "en")) == ["own-3"]
