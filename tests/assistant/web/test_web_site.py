"""What a web site tells: filed by address, by a token that can do nothing else, opens only with consent."""

from rules import identifiers
from rules.terms.customer import Contact
from rules.terms.worth import Bar
from tests.assistant.web.house import House


def tell(house: House, event: dict[str, object], status: int = 200) -> dict[str, object]:
    with house.client("anna", token={"web-site"}) as client:
        answer = client.post("/api/v1/web-events", json=event)
    assert answer.status_code == status, answer.text
    found: dict[str, object] = answer.json()
    return found


def karin(house: House) -> None:
    """Lets the house know somebody by her address."""
    person = Contact("P77", "C1", first_name="Karin", last_name="Hansen", email="karin@web.example")
    with house.services.pool.begin() as work:
        work.customers.upsert_contacts([person], identifiers.of_contact(person, house.services.settings.as_firm()))


def test_a_form_is_filed_for_the_one_who_is_known_by_the_address(own_firm: House) -> None:
    karin(own_firm)
    event: dict[str, object] = {
        "address": "Karin@web.example",
        "subject": "Rückruf",
        "text": "Bitte morgen.",
        "external_id": "f-1",
    }
    assert tell(own_firm, event) == {"filed": True}
    assert tell(own_firm, event | {"text": "Bitte übermorgen."}) == {"filed": True}
    assert tell(own_firm, {"address": "niemand@web.example", "subject": "Rückruf"}) == {"filed": False}
    with own_firm.services.pool.read() as work:
        (entry,) = [one for one in work.interactions.timeline("C1") if one.channel.value == "form"]
    assert (entry.contact_id, entry.text, entry.staff) == ("P77", "Bitte übermorgen.", "web")


def test_the_token_of_a_web_site_reads_and_writes_nothing_else(own_firm: House) -> None:
    with own_firm.client("anna", token={"web-site"}) as client:
        assert client.get("/api/v1/customers").status_code == 403
        assert client.post("/api/v1/interactions", json={"customer": "C1", "text": "x"}).status_code == 403
    for scopes in ({"read"}, {"read", "write"}):
        with own_firm.client("anna", token=scopes) as client:
            assert client.post("/api/v1/web-events", json={"address": "a@b.example"}).status_code == 403


def test_who_unsubscribes_objects_and_opening_takes_consent(own_firm: House) -> None:
    karin(own_firm)
    who: dict[str, object] = {"address": "karin@web.example", "channel": "mailing", "subject": "Herbst"}
    tell(own_firm, who | {"reaction": "clicked"})
    tell(own_firm, who | {"reaction": "opened"}, 400)
    tell(own_firm, who | {"reaction": "opened", "consent": True})
    tell(own_firm, who | {"channel": "form", "reaction": "clicked"}, 400)
    tell(own_firm, who | {"channel": "call"}, 400)
    tell(own_firm, who | {"reaction": "unsubscribed"})
    with own_firm.services.pool.read() as work:
        assert work.decisions.bars(["C1"]) == {"C1": frozenset({Bar.OBJECTION})}
        found = {one.reaction for one in work.interactions.timeline("C1") if one.reaction}
    assert {one.value for one in found} == {"clicked", "opened", "unsubscribed"}
