"""Two records of one customer are proposed; parties that merely share much are not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.duplicates import blocks, likely
from rules.terms.customer import Contact, Customer, CustomerFile, CustomerKind, PartyKind
from rules.terms.firm import Firm

FIRM = Firm(domains=frozenset({"own.example"}))
PERSON = CustomerKind.PERSON
HANSEN = Customer(
    "C1",
    "Hansen Metallbau GmbH",
    street="Werftstraße 12",
    zip="24103",
    city="Kiel",
    phone="0431 5550120",
    email="info@hansen-metallbau.example",
    vat_id="DE811234567",
)
PETRA = Customer(
    "C1",
    "Petra Müller",
    kind=PERSON,
    street="Am Hang 3",
    zip="50667",
    city="Köln",
    phone="0171 2345678",
    email="petra.mueller@gmx.example",
)


def judged(one: Customer, **other: Any) -> float | None:
    """How sure it is that a record like this one with other values is the same customer."""
    found = likely(CustomerFile(one), CustomerFile(replace(one, id="C2", **other)), FIRM)
    back = likely(CustomerFile(replace(one, id="C2", **other)), CustomerFile(one), FIRM)
    assert (found and found.confidence) == (back and back.confidence)
    return found.confidence if found else None


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"name": "Hansen Metallbau", "legal_form": "GmbH", "vat_id": ""},
        {"street": "Werftstr. 12", "phone": "", "email": "", "vat_id": ""},
        {"street": "", "zip": "", "city": "", "email": "", "vat_id": ""},
        {"name": "Hansen Metallbua GmbH", "email": "k.hansen@hansen-metallbau.example"},
    ],
)
def test_one_firm_in_two_records_is_proposed(other: dict[str, Any]) -> None:
    assert judged(HANSEN, **other) is not None


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"zip": "20095", "city": "Hamburg", "street": "Kai 1"}, "a branch in another town, one VAT id, one domain"),
        ({"street": "Holtenauer Straße 80"}, "a second shop in the same town"),
        ({"street": "Werftstraße 14"}, "the house next door"),
        ({"name": "Hansen Immobilien GmbH"}, "a company of the group at the same address with the same VAT id"),
        ({"name": "Hansen Metallbau GmbH & Co. KG"}, "another legal form is another company"),
        ({"name": "Hansen Metallbau", "legal_form": "AG"}, "another legal form in its own field"),
        ({"vat_id": "DE129273398"}, "another VAT id"),
        ({"name": "Hansen Metallbau Werk 2 GmbH"}, "works are numbered"),
        ({"name": "Weber GmbH"}, "another firm in the same building"),
        ({"kind": PERSON}, "the owner as a private customer"),
        ({"party": frozenset({PartyKind.SUPPLIER})}, "a supplier's record is kept apart on purpose"),
        ({"street": "", "phone": "", "email": "", "vat_id": ""}, "the same name in the same town, and nothing else"),
        ({"country": "AT"}, "another country"),
    ],
)
def test_firms_that_share_much_are_two(other: dict[str, Any], why: str) -> None:
    assert judged(replace(HANSEN, country="DE"), **other) is None, why


def test_branches_that_share_a_domain_and_do_not_say_where_they_are_stay_two() -> None:
    assert judged(HANSEN, street="", zip="", phone="", email="kiel2@hansen-metallbau.example", vat_id="") is None


@pytest.mark.parametrize(
    "other",
    [{}, {"name": "Müller, Petra"}, {"name": "Petra Mueller", "email": ""}, {"name": "Dr. Petra Müller", "phone": ""}],
)
def test_one_person_in_two_records_is_proposed(other: dict[str, Any]) -> None:
    assert judged(PETRA, **other) is not None


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"name": "Klaus Müller"}, "a couple with one address, telephone and mailbox"),
        ({"name": "P. Müller"}, "an initial may be Paul's"),
        ({"name": "Petra Müller-Lang"}, "half of a double name"),
        ({"name": "Petra Müller sen."}, "mother and daughter"),
        ({"street": "Domplatz 1", "phone": "", "email": ""}, "namesakes in one town"),
        ({"street": "", "phone": "", "email": ""}, "namesakes in one town, of whom one gave no street"),
        ({"zip": "10115", "city": "Berlin", "street": "Am Hang 3", "phone": ""}, "namesakes in two towns"),
        ({"name": "Müller"}, "a surname alone"),
    ],
)
def test_people_who_share_much_are_two(other: dict[str, Any], why: str) -> None:
    assert judged(PETRA, **other) is None, why


def test_contacts_count_for_what_a_record_is_reached_by() -> None:
    one = CustomerFile(replace(HANSEN, email="", phone="", vat_id="", street=""))
    people = (Contact("P1", "C1", first_name="Karin", last_name="Hansen", email="karin@hansen-metallbau.example"),)
    other = CustomerFile(replace(one.customer, id="C2"), (replace(people[0], id="P2", customer_id="C2"),))
    assert likely(one, other, FIRM) is None
    found = likely(replace(one, contacts=people), other, FIRM)
    assert found is not None
    assert [piece.reason for piece in found.evidence] == ["firm", "email"]


def test_more_evidence_makes_surer() -> None:
    sure = [judged(HANSEN, email="", vat_id="", phone=""), judged(HANSEN, email="", vat_id=""), judged(HANSEN)]
    assert sure == sorted(sure, key=lambda one: one or 0)
    assert sure[0] != sure[-1]


WORDS = st.text(alphabet="abcäöüß 12&.-,Ggmbhekstr", max_size=30)
RECORDS = st.builds(
    Customer,
    id=st.just("C1"),
    name=WORDS,
    kind=st.sampled_from(CustomerKind),
    legal_form=st.sampled_from(["", "GmbH", "AG"]),
    street=WORDS,
    zip=st.sampled_from(["", "24103", "50667"]),
    city=st.sampled_from(["", "Kiel", "Köln"]),
    email=st.sampled_from(["", "a@x.example", "b@x.example"]),
    phone=st.sampled_from(["", "0431 555012", "0171 2345678"]),
)


@given(RECORDS, RECORDS)
def test_it_is_symmetric_asks_for_the_name_and_finds_only_within_blocks(a: Customer, b: Customer) -> None:
    one, other = CustomerFile(a), CustomerFile(replace(b, id="C2"))
    found, back = likely(one, other, FIRM), likely(other, one, FIRM)
    assert (found and found.confidence) == (back and back.confidence)
    if found is not None:
        assert 0 < found.confidence < 1
        assert found.evidence[0].reason in ("firm", "firm-like", "person")
        assert len(found.evidence) > 1
        # Who is judged alike is found: they share a block.
        ours, theirs = blocks(one, FIRM), blocks(other, FIRM)
        assert any(values & theirs.get(kind, frozenset()) for kind, values in ours.items())


def test_the_longest_records_cost_little() -> None:
    long = "a1 & " * 40_000
    one = Customer("C1", long, street=long, zip=long, city=long, email=long, phone=long)
    likely(CustomerFile(one), CustomerFile(replace(one, id="C2")), FIRM)
