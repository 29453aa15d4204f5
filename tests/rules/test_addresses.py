"""When two spellings mean the same person or firm."""

from hypothesis import given
from hypothesis import strategies as st

from rules import addresses


def test_case_and_white_space_do_not_tell_people_apart() -> None:
    assert addresses.canonical(" Erika.Muster@Beispiel.DE ") == "erika.muster@beispiel.de"


def test_an_umlaut_domain_and_its_ascii_form_are_one() -> None:
    assert addresses.canonical("info@müller.example") == addresses.canonical("info@xn--mller-kva.example")


def test_a_plus_tag_leads_to_the_same_person() -> None:
    assert addresses.mailbox("anna+shop@beispiel.de") == "anna@beispiel.de"


def test_an_address_that_is_only_a_tag_keeps_it() -> None:
    assert addresses.mailbox("+shop@beispiel.de") == "+shop@beispiel.de"


def test_the_registrable_domain_is_found_below_country_suffixes() -> None:
    assert addresses.registrable("mail.shop.muster.co.uk") == "muster.co.uk"
    assert addresses.registrable("muster.de") == "muster.de"
    assert addresses.registrable("co.uk") == ""


def test_freemail_is_known_below_subdomains_too() -> None:
    assert addresses.is_freemail("gmx.de")
    assert addresses.is_freemail("mail.web.de")
    assert not addresses.is_freemail("muster-gmbh.de")


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_canonical_is_its_own_canonical(text: str) -> None:
    once = addresses.canonical(text)
    assert addresses.canonical(once) == once
    addresses.registrable(addresses.domain_of(text))


def test_gmail_reads_dots_and_both_its_names_as_one_mailbox() -> None:
    assert addresses.mailbox("Anna.B.Ecker+x@googlemail.com") == "annabecker@gmail.com"
    assert addresses.mailbox("anna.becker@beispiel.de") == "anna.becker@beispiel.de"


def test_an_ending_with_a_slip_does_not_exist() -> None:
    assert not addresses.ending_exists("beispiel.dde")
    assert addresses.ending_exists("beispiel.co.uk")
    assert addresses.ending_exists("beispiel.example")
