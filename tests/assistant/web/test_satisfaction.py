"""One question after a solved case: asked seldom, of the right person, and answered by a link that leaves no trace."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.satisfaction import Satisfaction, is_public
from assistant.settings import FirmSettings, OutgoingSettings, SatisfactionSettings, Settings, WebSettings
from rules import identifiers
from rules.terms.case import Case, CaseState
from rules.terms.customer import Contact, Customer
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.ledger import SurveyAnswer
from rules.terms.mail import Address
from rules.terms.outgoing import OutgoingMail
from rules.terms.worth import Bar
from storage.pool import Pool
from storage.restrictions import Restriction
from tests.assistant.web.house import House, build
from tests.storage.making import mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KARIN = Address("karin@hansen.example", "Karin Hansen")
OF_C1 = Match(Action.ATTACH, "C1", "P1", 1.0)


def settings_of(folder: Path, **other: object) -> Settings:
    return Settings(
        firm=FirmSettings(name="Muster GmbH", domains=("firma.example",)),
        web=WebSettings(base_url="https://kingpost.firma.example"),
        outgoing=OutgoingSettings(host="mail.firma.example", sender="info@firma.example"),
        satisfaction=SatisfactionSettings(enabled=True, **other),
        home=folder,
    )


@dataclass
class Office:
    pool: Pool
    settings: Settings
    now: datetime = NOW
    count: int = 0

    @property
    def satisfaction(self) -> Satisfaction:
        return Satisfaction(self.pool, self.settings, self.settings.as_firm(), clock=lambda: self.now)

    def solves(self, *, sender: Address = KARIN, match: Match = OF_C1, state: CaseState = CaseState.SOLVED) -> int:
        """A case that was opened a day ago and is ended now."""
        self.count += 1
        with self.pool.begin() as work:
            made = mail(f"m{self.count}", uid=self.count, sender=sender, match=match, arrived=self.now)
            numbers = work.messages.add([made])
            case = Case("complaints", "Lieferung", "", self.now - timedelta(days=1), 8, customer_id=match.customer_id)
            opened = work.cases.open(replace(case, state=state, ended=self.now), numbers)
            return opened.id

    def asks(self, **later: float) -> list[OutgoingMail]:
        self.now += timedelta(**later)
        self.satisfaction.run(threading.Event())
        with self.pool.read() as work:
            return work.outbox.page()[::-1]

    def answers(self) -> list[SurveyAnswer]:
        with self.pool.read() as work:
            return list(work.facts.last_answers(["C1"]).get("C1", ()))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.db", str(tmp_path / "blobs"))
    settings = settings_of(tmp_path)
    hansen = Customer("C1", "Hansen Metallbau")
    karin = Contact("P1", "C1", "Frau", "", "Karin", "Hansen", email=KARIN.addr, address_form="Du", language="de")
    with pool.begin() as work:
        work.customers.upsert([hansen, Customer("C2", "Huber")], identifiers.of_customer(hansen, settings.as_firm()))
        work.customers.upsert_contacts([karin], identifiers.of_contact(karin, settings.as_firm()))
    yield Office(pool, settings)
    pool.close()


def token_of(asked: OutgoingMail) -> str:
    (token,) = re.findall(r"https://kingpost\.firma\.example/s/([\w-]{32,})", asked.text)
    return str(token)


def test_a_customer_is_asked_some_days_after_the_case_was_solved_and_seldom(office: Office) -> None:
    number = office.solves()
    assert office.asks(days=2) == []
    (asked,) = office.asks(days=1, minutes=1)
    assert (asked.recipient, asked.case, asked.customer_id) == (KARIN.addr, number, "C1")
    assert asked.text.startswith("Hallo Karin,\n\nvor Kurzem hast du uns geschrieben: Lieferung.")
    assert token_of(asked)
    office.solves()
    assert len(office.asks(days=10)) == 1
    office.now += timedelta(days=200)
    office.solves()
    assert len(office.asks(days=3, minutes=1)) == 2
    with office.pool.read() as work:
        assert work.invitations.of_case(number)


def test_nobody_is_asked_who_should_not_be(office: Office) -> None:
    office.solves(state=CaseState.CLOSED)
    office.solves(sender=Address("noreply@hansen.example"))
    office.solves(sender=Address("otto@firma.example"))
    office.solves(match=replace(OF_C1, spoof=True))
    assert office.asks(days=4) == []
    office.solves()
    with office.pool.begin() as work:
        work.decisions.bar("C1", Bar.OBJECTION, NOW.date(), "anna")
    assert office.asks(days=4) == []
    with office.pool.begin() as work:
        work.decisions.unbar("C1", Bar.OBJECTION)
        work.restrictions.put(Restriction("C1", NOW, None, "adam"))
    assert office.asks() == []
    with office.pool.begin() as work:
        work.restrictions.lift("C1")
    assert office.asks(days=20) == []  # nobody remembers any more
    office.solves()
    assert len(office.asks(days=4)) == 1


@pytest.mark.parametrize("base", ["http://firma.example", "https://localhost:8470", "http://127.0.0.1:8470"])
def test_a_link_that_leads_nowhere_from_outside_is_not_sent(office: Office, base: str) -> None:
    assert not is_public(base)
    office.settings = office.settings.model_copy(update={"web": WebSettings(base_url=base)})
    office.solves()
    assert office.asks(days=4) == []


def test_an_answer_counts_once_can_be_changed_for_a_week_and_the_link_ends(office: Office) -> None:
    case = office.solves()
    (asked,) = office.asks(days=4)
    token = token_of(asked)
    for wrong in (-1, 11):
        with pytest.raises(WrongUse):
            office.satisfaction.answer(token, wrong, "")
    office.satisfaction.answer(token, 3, " naja ")
    day = office.now.date()
    office.now += timedelta(days=5)
    office.satisfaction.answer(token, 9, "doch gut")
    (answer,) = office.answers()
    assert (answer.score, answer.comment, answer.contact_id, answer.date) == (9, "doch gut", "P1", day)
    assert answer.external_id.startswith(f"kingpost:case-{case}:")
    office.now += timedelta(days=3)
    with pytest.raises(NotFound):
        office.satisfaction.invitation(token)
    with pytest.raises(NotFound):
        office.satisfaction.answer(token, 1, "")
    assert office.answers()[0].score == 9


def test_an_unused_link_ends_and_the_pool_knows_no_token(office: Office) -> None:
    office.solves()
    (asked,) = office.asks(days=4)
    token = token_of(asked)
    with office.pool.begin() as work:
        assert work.invitations.get(token) is None
    assert office.satisfaction.invitation(token).customer_id == "C1"
    office.now += timedelta(days=31)
    with pytest.raises(NotFound):
        office.satisfaction.invitation(token)


def test_an_answer_goes_where_the_customer_went(office: Office) -> None:
    office.solves()
    token = token_of(office.asks(days=4)[0])
    with office.pool.begin() as work:
        work.merges.merge("C2", "C1", "anna", office.now)
    office.satisfaction.answer(token, 8, "")
    with office.pool.read() as work:
        assert [one.score for one in work.facts.last_answers(["C2"])["C2"]] == [8]


# -- the page


@pytest.fixture
def asked(tmp_path: Path) -> tuple[House, str]:
    """A firm, and the token of a customer that was asked."""
    house = build(tmp_path)
    office = Office(house.services.pool, settings_of(tmp_path), datetime.now(UTC) - timedelta(days=4))
    office.solves(match=replace(OF_C1, contact_id=None))
    return house, token_of(office.asks(days=4)[0])


def test_the_page_asks_without_login_script_or_cookie(asked: tuple[House, str]) -> None:
    house, token = asked
    with house.client() as client:
        answer = client.get(f"/s/{token}", headers={"accept-language": "en"})
        assert answer.status_code == 200
        assert "Würden Sie uns weiterempfehlen?" in answer.text  # the language in which they were asked
        assert answer.text.count('type="radio"') == 11
        assert "<script" not in answer.text
        assert "set-cookie" not in answer.headers
        assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
        assert not re.search(r'(?:href|src|action)="https?:', answer.text)
        # As a browser sends it from a page without a referrer.
        sent = client.post(f"/s/{token}", data={"score": "10", "comment": "<b>gut</b>"}, headers={"origin": "null"})
        assert "Vielen Dank" in sent.text
        assert "<b>gut" not in sent.text
        again = client.post(f"/s/{token}", data={"comment": "x"})
        assert "Bitte wählen Sie eine Zahl" in again.text
        for wrong in ({"score": "11"}, {"score": "x"}):
            assert client.post(f"/s/{token}", data=wrong).status_code == 400
    with house.services.pool.read() as work:
        ((given,),) = work.facts.last_answers(["C1"]).values()
    assert (given.score, given.comment) == (10, "<b>gut</b>")


def test_wrong_links_open_nothing_and_soon_nobody_looks_any_more(asked: tuple[House, str]) -> None:
    house, token = asked
    with house.client() as client:
        codes = [client.get(f"/s/{token}{number:x}").status_code for number in range(40)]
        assert codes[:20] == [404] * 20
        assert codes[-1] == 429
        assert client.get(f"/s/{token}").status_code == 429


def test_looking_at_the_page_answers_nothing(asked: tuple[House, str]) -> None:
    house, token = asked
    with house.client() as client:
        for _ in range(50):
            assert client.get(f"/s/{token}?score=9").status_code == 200
    with house.services.pool.read() as work:
        assert work.facts.last_answers(["C1"]).get("C1", ()) == ()
