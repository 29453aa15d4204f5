"""What was made by hand can be taken out again without a trace, and nothing else goes with it."""

from datetime import UTC, datetime

from rules.terms.customer import Contact, Customer, IdentifierKind, Known, NumberForm, Reference
from rules.terms.interaction import Channel, Interaction
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EINS, ZWEI = Customer("C1", "Eins GmbH", "10001"), Customer("C2", "Zwei GmbH", "10002")
FORMS = {"10001": NumberForm("10001", "99999"), "10002": NumberForm("10002", "99999")}


def fill(pool: Pool) -> None:
    with pool.begin() as work:
        known = [Known(IdentifierKind.DOMAIN, f"{one.id}.example", one.id, None, "customers") for one in (EINS, ZWEI)]
        work.customers.upsert([EINS, ZWEI], known, FORMS)
        people = [Contact("P1", "C1", last_name="A", email="a@x.example"), Contact("P2", "C1", last_name="B")]
        address = Known(IdentifierKind.ADDRESS, "a@x.example", "C1", "P1", "contacts")
        work.customers.upsert_contacts(people, [address])
        work.customers.teach(Known(IdentifierKind.ADDRESS, "b@y.example", "C1", "P1", "anna"))
        work.customers.teach(Known(IdentifierKind.ADDRESS, "c@y.example", "C2", None, "ben"))
        work.customers.upsert_references([Reference("order", "4711", "C1")])
        work.interactions.add([Interaction("C1", Channel.CALL, NOW, "Anruf", contact_id="P1")])


def test_a_removed_customer_leaves_nothing_behind(pool: Pool) -> None:
    fill(pool)
    with pool.begin() as work:
        assert work.customers.remove("C1")
        assert not work.customers.remove("C1")
    with pool.read() as work:
        assert (work.customers.get("C1"), work.customers.contacts_of("C1"), work.customers.size()) == (None, [], 1)
        assert work.customers.find("Eins") == []
        assert [one.id for one in work.customers.find("Zwei")] == ["C2"]
        keys = {IdentifierKind.ADDRESS: ["a@x.example", "b@y.example"], IdentifierKind.NUMBER: ["4711"]}
        assert work.customers.owners(keys) == {}
        assert work.customers.number_shapes()["customer"] == {"99999": 1}
        assert work.interactions.count_of("C1") == 0
        assert work.rematching.next(1) is not None
    fill(pool)
    with pool.read() as work:
        assert [one.id for one in work.customers.find("Eins")] == ["C1"]


def test_a_removed_contact_leaves_their_customers_timeline_alone(pool: Pool) -> None:
    fill(pool)
    with pool.begin() as work:
        assert work.customers.remove_contact("P1")
        assert not work.customers.remove_contact("P1")
    with pool.read() as work:
        assert [one.id for one in work.customers.contacts_of("C1")] == ["P2"]
        [entry] = work.interactions.timeline("C1")
        assert (entry.subject, entry.contact_id) == ("Anruf", None)
        assert work.customers.owners({IdentifierKind.ADDRESS: ["a@x.example", "b@y.example"]}) == {}


def test_what_people_taught_is_told_with_who_did(pool: Pool) -> None:
    fill(pool)
    with pool.read() as work:
        taught = work.customers.taught("C1", ["anna", "ben"])
        assert [(one.value, one.contact_id, one.source) for one in taught] == [("b@y.example", "P1", "anna")]
        assert work.customers.taught("C1", ["ben"]) == work.customers.taught("C1", []) == []
