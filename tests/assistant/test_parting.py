"""One record that was two customers becomes two, and one again by merging."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.address_book import AddressBook
from assistant.parting import Parting, Share
from rules import identifiers
from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.errors import KingpostError, NotFound, UnknownName, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Address
from rules.terms.promise import Promise
from rules.terms.staff import Role, Staff, Viewer
from storage.pool import Pool
from tests.storage.making import mail

FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}))
LENA = Viewer("lena", Role.LEAD, "de", frozenset({"info"}))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE = Customer("C1", "Hansen", email="info@hansen.example")
KARIN = Contact("K", "C1", first_name="Karin", last_name="Hansen", email="karin@hansen.example")
JAN = Contact("J", "C1", first_name="Jan", last_name="Voss", email="jan@hansen-logistik.example")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """Two firms as one record: Karin of one, Jan of the other, with mails, a note, papers and a learned address."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    with pool.begin() as work:
        work.staff.put(Staff("lena", Role.LEAD))
        work.customers.upsert([WHOLE], identifiers.of_customer(WHOLE, FIRM))
        for one in (KARIN, JAN):
            work.customers.upsert_contacts([one], identifiers.of_contact(one, FIRM))
        work.customers.upsert_references([Reference("order", "A-1", "C1"), Reference("order", "A-2", "C1")])
        work.customers.teach(Known(IdentifierKind.ADDRESS, "jan77@gmx.de", "C1", "J", "lena"))
        work.customers.teach(Known(IdentifierKind.ADDRESS, "lager@gmx.de", "C1", None, "lena"))
        for number, sender in enumerate(("karin@hansen.example", "jan@hansen-logistik.example", "lager@gmx.de"), 1):
            match = Match(Action.ATTACH, "C1", candidates=("C1",), confidence=0.99)
            work.messages.add([mail(str(number), sender=Address(sender), uid=number, match=match)])
            work.interactions.move_message(number, "C1", None)
        work.interactions.add([Interaction("C1", Channel.NOTE, NOON, "mit Jan gesprochen", contact_id="J")])
    yield pool
    pool.close()


def state(pool: Pool, customer: str) -> dict[str, object]:
    """All that is somebody's."""
    with pool.read() as work:
        mails = [entry.message for entry in work.interactions.timeline(customer) if entry.message]
        return {
            "people": {one.id for one in work.customers.contacts_of(customer)},
            "papers": {one.number for one in work.customers.references_of(customer)},
            "learned": {(one.value, one.contact_id) for one in work.customers.taught(customer, ["lena"])},
            "mails": set(mails),
            "matched": {
                no for no, one in work.messages.get_many(mails, 0).items() if one.match.customer_id == customer
            },
            "entries": work.interactions.count_of(customer),
            "owned": {
                value
                for (_, value), found in work.customers.owners(
                    {IdentifierKind.ADDRESS: {KARIN.email, JAN.email, "jan77@gmx.de", "lager@gmx.de"}}
                ).items()
                if any(one.customer_id == customer for one in found.known)
            },
        }


SHARE = Share(frozenset({"J"}), frozenset({"lager@gmx.de"}), frozenset({"A-2"}))


def test_people_addresses_and_papers_go_with_their_mails(pool: Pool) -> None:
    made = Parting(pool, FIRM).part(LENA, "C1", Customer("", "Hansen Logistik"), SHARE)
    assert made == "N-000001"
    assert state(pool, made) == {
        "people": {"J"},
        "papers": {"A-2"},
        "learned": {("jan77@gmx.de", "J"), ("lager@gmx.de", None)},
        "mails": {2, 3},
        "matched": {2, 3},
        "entries": 3,
        "owned": {JAN.email, "jan77@gmx.de", "lager@gmx.de"},
    }
    assert state(pool, "C1") == {
        "people": {"K"}, "papers": {"A-1"}, "learned": set(), "mails": {1}, "matched": {1}, "entries": 1,
        "owned": {KARIN.email},
    }  # fmt: skip


def test_merging_undoes_it(pool: Pool) -> None:
    before = state(pool, "C1")
    made = Parting(pool, FIRM).part(LENA, "C1", Customer("", "Hansen Logistik"), SHARE)
    AddressBook(pool, FIRM).merge(LENA, "C1", made)
    assert state(pool, "C1") == before


def test_a_single_entry_can_go(pool: Pool) -> None:
    with pool.read() as work:
        entry = next(one for one in work.interactions.timeline("C1") if one.message == 1)
    assert entry.id is not None
    made = Parting(pool, FIRM).part(LENA, "C1", Customer("X", "Hansen Logistik"), Share(entries=frozenset({entry.id})))
    assert (made, state(pool, "X")["mails"], state(pool, "X")["matched"]) == ("X", {1}, {1})


def test_what_we_promised_in_a_note_goes_with_it(pool: Pool) -> None:
    with pool.begin() as work:
        (note,) = (one.id for one in work.interactions.timeline("C1") if one.message is None)
        assert note is not None
        work.promises.add([Promise("C1", NOON.date(), "Wir rufen morgen an.", NOON, entry=note)])
    Parting(pool, FIRM).part(LENA, "C1", Customer("X", "Hansen Logistik"), Share(entries=frozenset({note})))
    with pool.read() as work:
        found = {id: len(work.promises.open_of(id, LENA.mailboxes, NOON.date())) for id in ("C1", "X")}
    assert found == {"C1": 0, "X": 1}


@pytest.mark.parametrize(
    ("whole", "made", "share", "error"),
    [
        ("nobody", Customer("", "A"), SHARE, NotFound),
        ("C1", Customer("", ""), SHARE, WrongUse),
        ("C1", Customer("C1", "A"), SHARE, WrongUse),
        ("C1", Customer("", "A"), Share(), WrongUse),
        ("C1", Customer("", "A"), Share(contacts=frozenset({"X"})), UnknownName),
        ("C1", Customer("", "A"), Share(addresses=frozenset({"x@y.example"})), UnknownName),
        ("C1", Customer("", "A"), Share(papers=frozenset({"A-9"})), UnknownName),
        ("C1", Customer("", "A"), Share(entries=frozenset({99})), UnknownName),
    ],
)
def test_a_wrong_choice_changes_nothing(
    pool: Pool, whole: str, made: Customer, share: Share, error: type[KingpostError]
) -> None:
    before = state(pool, "C1")
    with pytest.raises(error):
        Parting(pool, FIRM).part(LENA, whole, made, share)
    assert state(pool, "C1") == before
