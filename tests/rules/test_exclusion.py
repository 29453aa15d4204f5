"""Mail that the firm leaves out is known by whom it is from or to, and by whole words of its subject."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.exclusion import CONFIDENTIAL, is_address, is_left_out
from rules.terms.firm import Firm
from rules.terms.mail import Address, Message

FIRM = Firm(
    domains=frozenset({"muster.example"}),
    excluded_addresses=frozenset({*CONFIDENTIAL, "dr.frey@praxis.example", "@anwalt.example"}),
    excluded_words=frozenset({"Personalakte", "Müllers Abmahnung", "  "}),
)


def mail(
    sender: str = "karin@hansen.example", to: str = "info@muster.example", cc: str = "", subject: str = "Angebot"
) -> Message:
    copies = (Address(cc),) if cc else ()
    return Message("1:x", "x@y", Address(sender), subject, None, "", 10, to=(Address(to),), cc=copies)


@pytest.mark.parametrize(
    "message",
    [
        mail(sender="Betriebsrat@Muster.example"),
        mail(to="betriebsrat@muster.example"),
        mail(cc="personal@muster.example"),
        mail(sender="dr.frey@praxis.example"),
        mail(cc="kanzlei@ANWALT.example"),
        mail(subject="AW: Personalakte Meier"),
        mail(subject="wegen MUELLERS  abmahnung, vertraulich"),
    ],
)
def test_what_is_named_is_left_out(message: Message) -> None:
    assert is_left_out(message, FIRM)
    assert not is_left_out(message, Firm(domains=FIRM.domains))


@pytest.mark.parametrize(
    "message",
    [
        mail(),
        mail(sender="betriebsrat@hansen.example"),
        mail(sender="sekretariat@praxis.example"),
        mail(sender="info@nicht-anwalt.example"),
        mail(subject="Personalakten-Schrank: Angebot"),
        mail(subject="Müllers Rechnung, keine Abmahnung"),
        mail(subject=""),
    ],
)
def test_what_only_resembles_it_comes_in(message: Message) -> None:
    assert not is_left_out(message, FIRM)


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_is_written_there_is_an_answer(subject: str, sender: str) -> None:
    assert is_left_out(mail(sender=sender, subject=f"{subject} Personalakte {subject}"), FIRM)


def test_long_subjects_cost_little() -> None:
    began = time.process_time()
    assert not is_left_out(mail(subject="Müllers " * 25_000), FIRM)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", [*CONFIDENTIAL, "a@b.example", "@b.example"])
def test_addresses_domains_and_names_can_be_listed(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "@", "b.example", "a b@c.example", "a@b@c", "a@b.example "])
def test_nothing_else_can(text: str) -> None:
    assert not is_address(text)
