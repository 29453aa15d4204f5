"""The Gmail add-on: only Google is answered, only for the person Google vouches for, and always with a card.

Google is a double at the wire: it holds a key pair, hands out the public half where Google does, and knows a mail. The
question is written after the callback contract (developers.google.com/workspace/add-ons/reference/callback-contract),
the answer is held against Card v1 as Google publishes it (googleapis, google/apps/card/v1/card.proto) and against
RenderActions (developers.google.com/workspace/add-ons, “Build with HTTP endpoints”).
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from litestar import Litestar

from assistant.gmail import PATH, Gmail, deployment
from assistant.web import cards
from assistant.web.app import create_app
from connectors.google.tokens import CERTS, PAUSE, RETRY, Tokens
from rules.summary import pending
from rules.terms.case import CaseState
from rules.terms.errors import NotLoggedIn, ServerMisbehaved, ServerUnreachable, WrongUse
from rules.terms.finding import Evidence
from rules.terms.mail import Verdict
from rules.terms.staff import Role, Staff, Viewer
from rules.terms.summary import (
    Line,
    Status,
    Summary,
    SummaryCase,
    SummaryContact,
    SummaryCustomer,
    SummaryMatch,
    SummaryMessage,
    SummaryMoney,
    Trust,
)
from tests.assistant.web.house import NOW as BUILT
from tests.assistant.web.house import Browser, House, build

HOST = "https://kingpost.muster.example"
CLIENT = "4711.apps.googleusercontent.com"
ROBOT = "service-4711@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
KEY, STRANGE = (RSAKey.generate_key(2048, auto_kid=True) for _ in range(2))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA = "anna@example.org"


def signed(claims: dict[str, Any], key: RSAKey = KEY, header: dict[str, Any] | None = None) -> str:
    """A token of Google's making, unless another key or header is given."""
    return jwt.encode({"alg": "RS256", "kid": KEY.kid, "typ": "JWT"} | (header or {}), claims, key)


def claims(audience: str, address: str, now: datetime = NOW, **changed: Any) -> dict[str, Any]:
    """What Google's token says."""
    issued = int(now.timestamp())
    told: dict[str, Any] = {
        "iss": "https://accounts.google.com",
        "aud": audience,
        "azp": audience,
        "sub": "1234567890",
        "email": address,
    }
    told |= {"email_verified": True, "iat": issued - 10, "exp": issued + 3_590}
    return {name: value for name, value in (told | changed).items() if value is not None}


@dataclass
class Google:
    """Google at the wire: its keys, one mail, and what it was asked."""

    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    cache: str = "public, max-age=20000, must-revalidate, no-transform"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: list[httpx.Request] = field(default_factory=list)
    broken: Callable[[httpx.Request], httpx.Response] | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.broken:
            return self.broken(request)
        if str(request.url) == CERTS:
            told = {"keys": [key.as_dict(private=False, use="sig", alg="RS256") for key in self.keys]}
            return httpx.Response(200, json=told, headers={"cache-control": self.cache})
        assert request.url.host == "gmail.googleapis.com"
        listed = [{"name": name, "value": value} for name, value in self.headers.items()]
        mail = {"id": "18f", "threadId": "18e", "payload": {"mimeType": "text/plain", "headers": listed}}
        return httpx.Response(self.status, json=mail)

    @property
    def fetched(self) -> int:
        """How often its keys were fetched."""
        return sum(str(request.url) == CERTS for request in self.asked)

    def tokens(self) -> Tokens:
        """What checks tokens, over this wire."""
        return Tokens(httpx.Client(transport=httpx.MockTransport(self)))


@pytest.fixture
def google() -> Google:
    return Google()


# -- tokens


def test_a_token_of_googles_says_who_it_is(google: Google) -> None:
    for issuer in ("https://accounts.google.com", "accounts.google.com"):
        token = signed(claims(CLIENT, "Anna@Example.org", iss=issuer))
        assert google.tokens().identity(token, CLIENT, NOW).email == ANNA


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another.apps.googleusercontent.com"},
        {"aud": [CLIENT]},
        {"aud": None},
        {"iss": "https://accounts.google.com.evil.example"},
        {"iss": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": True},
        {"iat": int(NOW.timestamp()) + 61},
        {"iat": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": ["anna@example.org"]},
    ],
    ids=str,
)
def test_one_that_says_anything_else_is_refused(google: Google, changed: dict[str, Any]) -> None:
    with pytest.raises(NotLoggedIn):
        google.tokens().identity(signed(claims(CLIENT, ANNA, **changed)), CLIENT, NOW)


def test_clocks_may_differ_by_a_minute(google: Google) -> None:
    late = claims(CLIENT, ANNA, exp=int(NOW.timestamp()) - 59, iat=int(NOW.timestamp()) + 59)
    assert google.tokens().identity(signed(late), CLIENT, NOW).email == ANNA


def forged() -> Iterator[tuple[str, str]]:
    """Tokens that Google has not made."""
    told = claims(CLIENT, ANNA)
    whole = signed(told)
    head, body, signature = whole.split(".")
    other = signed(claims(CLIENT, "chef@example.org")).split(".")[1]
    yield "another key by Google's name", signed(told, STRANGE)
    yield "another body", f"{head}.{other}.{signature}"
    yield "no signature", f"{head}.{body}."
    yield "algorithm none", f"{_part({'alg': 'none', 'kid': KEY.kid})}.{body}."
    start = f"{_part({'alg': 'HS256', 'kid': KEY.kid})}.{body}"
    secret = hmac.new(KEY.as_pem(private=False), start.encode(), hashlib.sha256).digest()
    yield "the public key as a shared secret", f"{start}.{_unpadded(secret)}"
    yield "a key of its own in the header", signed(told, STRANGE, {"jwk": STRANGE.as_dict(private=False)})
    yield "a key from an address in the header", signed(told, STRANGE, {"jku": "https://evil.example/keys"})
    yield "no key's name", f"{_part({'alg': 'RS256'})}.{body}.{signature}"
    yield "a list for a key's name", f"{_part({'alg': 'RS256', 'kid': ['x']})}.{body}.{signature}"
    yield "nothing", ""
    yield "words", "a.b.c"
    yield "half", f"{head}.{body}"
    yield "endless", "a" * 100_000


def _part(value: dict[str, Any]) -> str:
    return _unpadded(json.dumps(value).encode())


def _unpadded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


@pytest.mark.parametrize("token", [pytest.param(token, id=name) for name, token in forged()])
def test_a_forged_token_is_refused(google: Google, token: str) -> None:
    with pytest.raises(NotLoggedIn):
        google.tokens().identity(token, CLIENT, NOW)
    # No address but Google's own is ever asked for keys.
    assert {str(request.url) for request in google.asked} <= {CERTS}


def test_keys_are_kept_as_long_as_google_says(google: Google) -> None:
    checker = google.tokens()
    for after, fetched in ((0, 1), (19_000, 1), (20_001, 2)):
        now = NOW + timedelta(seconds=after)
        checker.identity(signed(claims(CLIENT, ANNA, now)), CLIENT, now)
        assert google.fetched == fetched


@pytest.mark.parametrize(
    ("cache", "kept", "over"),
    [("max-age=0", 299, 301), ("no-store", 299, 301), ("", 299, 301), ("max-age=999999999", 86_399, 86_401)],
)
def test_and_within_bounds(google: Google, cache: str, kept: int, over: int) -> None:
    google.cache = cache
    checker = google.tokens()
    for after, fetched in ((0, 1), (kept, 1), (over, 2)):
        now = NOW + timedelta(seconds=after)
        checker.identity(signed(claims(CLIENT, ANNA, now)), CLIENT, now)
        assert google.fetched == fetched


def test_a_new_key_is_found_and_invented_ones_make_us_ask_no_oftener_than_once_a_minute(google: Google) -> None:
    checker = google.tokens()
    checker.identity(signed(claims(CLIENT, ANNA)), CLIENT, NOW)
    fresh = RSAKey.generate_key(2048, auto_kid=True)
    token = signed(claims(CLIENT, ANNA), fresh, {"kid": fresh.kid})
    google.keys.append(fresh)
    later = NOW + PAUSE
    assert checker.identity(token, CLIENT, later).email == ANNA
    assert google.fetched == 2
    for number in range(50):
        with pytest.raises(NotLoggedIn):
            checker.identity(signed(claims(CLIENT, ANNA), header={"kid": f"invented-{number}"}), CLIENT, later)
    assert google.fetched == 2
    with pytest.raises(NotLoggedIn):
        checker.identity(signed(claims(CLIENT, ANNA), header={"kid": "invented"}), CLIENT, later + PAUSE)
    assert google.fetched == 3


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(503), ServerUnreachable),
        (httpx.Response(302, headers={"location": "https://evil.example/keys"}), ServerUnreachable),
        (httpx.Response(200, text="<html>"), ServerMisbehaved),
        (httpx.Response(200, json=[]), ServerMisbehaved),
        (httpx.Response(200, json={"keys": [{"kty": "RSA", "n": "!", "e": 3, "kid": 1}]}), ServerMisbehaved),
    ],
    ids=str,
)
def test_without_googles_keys_nobody_is_let_in(google: Google, answer: httpx.Response, error: type[Exception]) -> None:
    google.broken = lambda request: answer
    with pytest.raises(error):
        google.tokens().identity(signed(claims(CLIENT, ANNA)), CLIENT, NOW)


def test_while_google_does_not_answer_nobody_waits_for_it_again_and_again(google: Google) -> None:
    google.broken = lambda request: httpx.Response(503)
    checker, token = google.tokens(), signed(claims(CLIENT, ANNA))
    for _ in range(20):
        with pytest.raises(ServerUnreachable):
            checker.identity(token, CLIENT, NOW)
    assert google.fetched == 1
    google.broken = None
    assert checker.identity(token, CLIENT, NOW + RETRY).email == ANNA


# -- the endpoint


@dataclass
class Addon:
    """A firm whose add-on is on, and Google in front of it."""

    house: House
    google: Google
    app: Litestar

    def ask(self, email: str = ANNA, **changed: Any) -> httpx.Response:
        """Google asks; `changed` replaces parts of its question."""
        now = datetime.now(UTC)
        system = changed.pop("system", None) or signed(claims(HOST + PATH, ROBOT, now))
        person = changed.pop("person", None) or signed(claims(CLIENT, email, now))
        event = {
            "commonEventObject": {
                "hostApp": "GMAIL",
                "platform": "WEB",
                "userLocale": "de",
                "timeZone": {"id": "Europe/Berlin", "offset": 3600000},
            },
            "authorizationEventObject": {"userOAuthToken": "ya29.person", "systemIdToken": "x", "userIdToken": person},
            "gmail": {
                "messageId": "msg-f:18f",
                "threadId": "thread-f:18e",
                "accessToken": "mail-token",
                "toRecipients": [],
            },
        }
        with Browser(self.app, HOST) as client:
            return client.post(PATH, json=event | changed, headers={"authorization": f"Bearer {system}"})

    def card(self, email: str = ANNA, **changed: Any) -> dict[str, Any]:
        """The card that comes."""
        answer = self.ask(email, **changed)
        assert answer.status_code == 200, answer.text
        return checked(answer.json())


@pytest.fixture
def addon(tmp_path: Path, google: Google, monkeypatch: pytest.MonkeyPatch) -> Iterator[Addon]:
    monkeypatch.setenv("KINGPOST_GMAIL__CLIENT_ID", CLIENT)
    monkeypatch.setenv("KINGPOST_GMAIL__SERVICE_ACCOUNT", ROBOT)
    house = build(tmp_path, base_url=HOST)
    services = house.services
    wire = httpx.MockTransport(google)
    gmail = Gmail(services.settings, services.pool, services.lookup, wire)
    google.headers = {
        "Message-ID": "<gutentag@example.com>",
        "From": "Karin <karin@hansen.example>",
        "Subject": "Betreff Guten Tag",
    }
    yield Addon(house, google, create_app(services, gmail=gmail))
    services.pool.close()


# What Google's published messages know; an answer with anything else is a mistake that Gmail would swallow.
CARD = {"header", "sections"}
SECTION = {"header", "widgets", "collapsible", "uncollapsibleWidgetsCount"}
WIDGETS: dict[str, set[str]] = {
    "decoratedText": {"topLabel", "text", "bottomLabel", "wrapText", "onClick"},
    "textParagraph": {"text"},
    "buttonList": {"buttons"},
}


def checked(answer: dict[str, Any]) -> dict[str, Any]:
    """The card of a RenderActions answer, after a look at its shape."""
    assert answer.keys() == {"action"}
    [navigation] = answer["action"]["navigations"]
    card: dict[str, Any] = navigation["pushCard"]
    assert navigation.keys() == {"pushCard"}
    assert card.keys() <= CARD
    assert card["header"].keys() <= {"title", "subtitle"}
    assert card["header"]["title"]
    assert sum(len(section["widgets"]) for section in card["sections"]) <= 100
    for section in card["sections"]:
        assert section.keys() <= SECTION
        assert section["widgets"]
        for widget in section["widgets"]:
            [(kind, body)] = widget.items()
            assert body.keys() <= WIDGETS[kind]
            for click in (body, *body.get("buttons", ())):
                if "onClick" in click:
                    link = click["onClick"]["openLink"]
                    assert link["url"].startswith(HOST + "/")
                    assert link.keys() <= {"url", "openAs", "onClose"}
            for button in body.get("buttons", ()):
                assert button.keys() == {"text", "onClick"}
    return card


def texts(card: dict[str, Any]) -> str:
    """Everything that stands on a card."""
    return json.dumps(card, ensure_ascii=False)


def test_the_open_mail_brings_its_customer(addon: Addon) -> None:
    card = addon.card()
    assert card["header"]["title"].startswith("Hansen Metallbau")
    assert "Betreff Guten Tag" in texts(card)
    assert f"{HOST}/messages/{addon.house.open_mail}#match" in texts(card)
    [question] = [each for each in addon.google.asked if str(each.url) != CERTS]
    assert question.url.path == "/gmail/v1/users/me/messages/msg-f:18f"
    assert question.url.params.get_list("metadataHeaders") == ["Message-ID", "From", "Subject"]
    assert question.url.params["format"] == "metadata"
    assert question.headers["authorization"] == "Bearer ya29.person"
    assert question.headers["x-goog-gmail-access-token"] == "mail-token"


def test_everybody_sees_what_they_may_see(addon: Addon) -> None:
    """Berta's own mail is closed to anna, though Gmail shows it to her."""
    addon.google.headers |= {"Message-ID": "<vertraulichesgehalt@example.com>", "Subject": "x"}
    berta, anna = texts(addon.card("berta@example.org")), texts(addon.card())
    assert "Hansen" in berta
    assert "Hansen" not in anna
    assert "noch nicht gelesen" in anna


EVIL = "https://evil.example" + PATH


@pytest.mark.parametrize(
    ("part", "audience", "email"),
    [
        *[("system", audience, ROBOT) for audience in (EVIL, HOST, HOST + "/", CLIENT, HOST + PATH + "/x")],
        ("system", HOST + PATH, ANNA),
        ("system", HOST + PATH, f"x{ROBOT}"),
        *[("person", audience, ANNA) for audience in (EVIL, HOST + PATH, "other-client", "")],
    ],
)
def test_a_token_for_others_or_of_others_opens_nothing(addon: Addon, part: str, audience: str, email: str) -> None:
    answer = addon.ask(**{part: signed(claims(audience, email, datetime.now(UTC)))})
    assert answer.status_code == 401
    assert "Hansen" not in answer.text
    assert all(str(each.url) == CERTS for each in addon.google.asked)


def test_one_persons_token_does_not_stand_for_google_nor_googles_for_a_person(addon: Addon) -> None:
    now = datetime.now(UTC)
    person, system = signed(claims(CLIENT, ANNA, now)), signed(claims(HOST + PATH, ROBOT, now))
    assert addon.ask(system=person).status_code == 401
    assert addon.ask(person=system).status_code == 401
    assert addon.ask(system="x", person="x").status_code == 401
    with Browser(addon.app, HOST) as client:
        assert client.post(PATH, json={}).status_code == 401
        assert client.post(PATH, json={}, headers={"authorization": f"Basic {system}"}).status_code == 401


def test_the_same_question_with_another_persons_token_shows_that_persons_view(addon: Addon) -> None:
    """What is replayed with another user is answered for that user: the account follows the token alone."""
    addon.google.headers |= {"Message-ID": "<vertraulichesgehalt@example.com>", "Subject": "x"}
    assert "Hansen" in texts(addon.card("berta@example.org"))
    assert "Hansen" not in texts(addon.card(ANNA))
    assert "Hansen" in texts(addon.card("berta@example.org"))


def test_an_expired_token_of_a_person_is_refused_though_google_asks(addon: Addon) -> None:
    old = signed(claims(CLIENT, ANNA, datetime.now(UTC) - timedelta(hours=2)))
    assert addon.ask(person=old).status_code == 401


@pytest.mark.parametrize("email", ["stranger@example.org", "info@example.org", "anna@example.org.evil.example"])
def test_whoever_has_no_account_is_told_how_to_get_one(addon: Addon, email: str) -> None:
    card = addon.card(email)
    assert card["header"]["title"] == "Noch nicht mit Kingpost verbunden"
    assert email in texts(card)
    assert "Hansen" not in texts(card)


def test_an_address_that_two_accounts_have_is_nobodys(addon: Addon) -> None:
    with addon.house.services.pool.begin() as work:
        work.staff.put(Staff("lena", "Lena Lang", Role.LEAD, email=ANNA))
    assert addon.card()["header"]["title"] == "Noch nicht mit Kingpost verbunden"


def test_a_closed_account_is_none(addon: Addon) -> None:
    with addon.house.services.pool.begin() as work:
        anna = work.staff.get("anna")
        assert anna
        work.staff.put(replace(anna, active=False))
    assert addon.card()["header"]["title"] == "Noch nicht mit Kingpost verbunden"


def test_the_language_is_the_accounts_or_gmails(addon: Addon) -> None:
    english = {"userLocale": "en-GB"}
    assert "Sender" in texts(addon.card(commonEventObject=english)) or "sender" in texts(
        addon.card(commonEventObject=english)
    )
    with addon.house.services.pool.begin() as work:
        anna = work.staff.get("anna")
        assert anna
        work.staff.put(replace(anna, language="de"))
    assert "Stimmt nicht" in texts(addon.card(commonEventObject=english))


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_where_gmail_does_not_say_which_mail_it_is_a_card_says_so(addon: Addon, status: int) -> None:
    addon.google.status = status
    card = addon.card()
    assert card["header"]["title"] in ("Zu dieser Nachricht gibt es nichts", "Kingpost kann gerade nicht antworten")
    assert "Hansen" not in texts(card)


@pytest.mark.parametrize(
    "gmail",
    [
        {},
        {"messageId": ""},
        {"messageId": "../../../evil", "accessToken": "t"},
        {"messageId": "a?b", "accessToken": "t"},
    ],
)
def test_an_odd_question_about_a_mail_is_answered_with_a_card_and_asks_nobody(
    addon: Addon, gmail: dict[str, Any]
) -> None:
    assert addon.card(gmail=gmail)["header"]["title"] == "Zu dieser Nachricht gibt es nichts"
    assert all(str(each.url) == CERTS for each in addon.google.asked)


def test_a_mail_without_an_id_has_nothing(addon: Addon) -> None:
    addon.google.headers = {"From": "Karin <karin@hansen.example>"}
    assert addon.card()["header"]["title"] == "Zu dieser Nachricht gibt es nichts"


def test_a_borrowed_message_id_from_another_sender_is_not_the_stored_mail(addon: Addon) -> None:
    addon.google.headers["From"] = '"karin@hansen.example" <chef@betrug.example>'
    assert "Hansen" not in texts(addon.card())


def test_when_google_or_the_pool_fails_a_card_says_so_and_the_log_names_no_mail(
    addon: Addon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Betreff Guten Tag")

    monkeypatch.setattr(Gmail, "summary", fail)
    assert addon.card()["header"]["title"] == "Kingpost kann gerade nicht antworten"
    assert "RuntimeError" in caplog.text
    assert "Guten Tag" not in caplog.text
    monkeypatch.undo()
    addon.google.broken = lambda request: httpx.Response(503)
    services = addon.house.services
    addon.app = create_app(
        services,
        gmail=Gmail(services.settings, services.pool, services.lookup, httpx.MockTransport(addon.google)),
    )
    assert addon.card()["header"]["title"] == "Kingpost kann gerade nicht antworten"


def test_it_is_off_until_it_is_switched_on(firm: House) -> None:
    with firm.client() as client:
        assert client.post(PATH, json={}).status_code == 404


# -- cards


def known(**changed: Any) -> Summary:
    """A summary of a customer's mail."""
    summary = Summary(
        Status.KNOWN,
        BUILT,
        SummaryMessage("a@b", "<b>Angebot & mehr</b>", "<script>@evil.example", 7),
        SummaryCustomer("C 1/ü", "Müller & Söhne <GmbH>", "firm", ("customer",), "active", None, True),
        match=SummaryMatch("sicher: Adresse <bekannt>", 0.99, (), (Evidence("address", "x", 3.0),)),
        trust=Trust(Verdict.PASS, "bestätigt"),
        recent=tuple(Line(f"Zeile {number}", "mail", "2026-11-12", f"/messages/{number}") for number in range(9)),
        actions=("confirm", "correct", "note"),
    )
    return replace(summary, **changed)


def made(summary: Summary, language: str = "de") -> dict[str, Any]:
    """Its card, as Google gets it."""
    answer = cards.shown(cards.card(summary, language, HOST, ZoneInfo("Europe/Berlin")))
    return checked(json.loads(json.dumps(answer)))


def test_what_a_mail_says_is_text_on_the_card() -> None:
    card = made(known())
    text = texts(card)
    assert "<script>" not in text
    assert "&lt;b&gt;Angebot &amp; mehr&lt;/b&gt;" in text
    assert "sicher: Adresse &lt;bekannt&gt;" in text
    # A title is no HTML (CardHeader.title), so nothing is escaped there.
    assert card["header"]["title"] == "♔ Müller & Söhne <GmbH>"
    assert f"{HOST}/customers/C%201%2F%C3%BC" in text


@pytest.mark.parametrize(
    ("contact", "subtitle"),
    [
        (
            SummaryContact("P1", "Karin Hansen", "Einkauf", "de", "Sie", "call"),
            "Karin Hansen, Einkauf · per Sie · am liebsten per Telefon",
        ),
        (SummaryContact("P1", "Karin Hansen", None, None, None, "mail"), "Karin Hansen"),
        (SummaryContact("P1", "Karin Hansen", None, None, "Du", None), "Karin Hansen · per Du"),
    ],
    ids=str,
)
def test_a_card_says_how_somebody_likes_to_be_addressed(contact: SummaryContact, subtitle: str) -> None:
    assert made(known(contact=contact))["header"]["subtitle"] == subtitle


def test_a_case_on_a_card_names_the_colleague() -> None:
    case = SummaryCase(
        3,
        "Lieferung fehlt",
        "2026-11-12",
        "/cases/3",
        CaseState.OPEN,
        "in Arbeit",
        None,
        "",
        False,
        "anna",
        "Anna Arndt",
    )
    assert "in Arbeit · Anna Arndt" in texts(made(known(cases=(case,))))


def test_a_long_card_is_folded_and_stays_within_googles_bounds() -> None:
    line = Line("x" * 5_000, "mail", "2026-11-12", "/messages/1")
    card = made(known(recent=(line,) * 60, particulars=(line,) * 20))
    assert max(len(each) for each in texts(card).split('"')) <= cards.LONGEST_TEXT + 10
    [folded] = [section for section in card["sections"] if section.get("collapsible")]
    assert folded["uncollapsibleWidgetsCount"] == cards.RECENT_SHOWN


def test_money_that_is_withheld_is_not_there_and_is_said_to_be() -> None:
    with_money = known(money=SummaryMoney((Line("Offen 4.210 €", "invoices"),)))
    assert "4.210" in texts(made(with_money))
    without = texts(made(known(withheld=("money",))))
    assert "4.210" not in without
    assert "Für Sie nicht sichtbar: Zahlen und Geld" in without


def test_a_forged_sender_is_red_and_gets_no_kings_treatment() -> None:
    card = made(known(status=Status.SPOOF, match=SummaryMatch("gibt sich als <Hansen> aus", 0.9), withheld=("money",)))
    assert card["header"]["title"] == "Absender ist wohl nicht echt"
    assert f'<font color=\\"{cards.RED}\\"><b>gibt sich als &lt;Hansen&gt; aus' in texts(card)
    assert "♔" not in texts(card)
    assert "Bleibt verdeckt" in texts(card)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_mail_that_is_not_read_yet_says_so(language: str) -> None:
    viewer = Viewer("anna", Role.STAFF, language, frozenset())
    card = made(pending("a@b", "Neu", "x@y.example", viewer, BUILT), language)
    assert ("noch nicht gelesen" if language == "de" else "has not read") in texts(card)


def test_links_lead_to_kingpost_only() -> None:
    odd = Line("hier", "mail", None, "https://evil.example/")
    assert "evil.example/" not in texts(made(known(recent=(odd,), message=None)))


# -- the deployment file


def test_the_deployment_asks_for_the_least_and_names_our_address() -> None:
    made = json.loads(deployment(HOST))
    assert made["oauthScopes"] == [
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/gmail.addons.execute",
        "https://www.googleapis.com/auth/gmail.addons.current.message.metadata",
    ]
    addons = made["addOns"]
    assert addons["gmail"]["contextualTriggers"] == [{"unconditional": {}, "onTriggerFunction": f"{HOST}{PATH}"}]
    assert addons["httpOptions"] == {"authorizationHeader": "SYSTEM_ID_TOKEN"}
    assert addons["common"]["universalActions"] == [{"label": "Kingpost", "openLink": f"{HOST}/"}]
    with pytest.raises(WrongUse):
        deployment("http://127.0.0.1:8470")
