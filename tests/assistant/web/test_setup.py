"""The set-up pages without a browser: who may, what is shown to whom, and signing in instead of a password."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from assistant.grants import Grant
from assistant.mailboxes import Mailboxes
from assistant.settings import OAuthSettings, load
from assistant.settings_file import SettingsFile
from rules.terms.mail import Mailbox, Tls
from storage.pool import Pool
from tests.assistant.web.house import BASE, House, build
from tests.servers.dovecot import Dovecot, missing
from tests.servers.identity import CLIENT, CLIENT_SECRET, Identity

PAGE = {"accept": "text/html"}
STEPS = ("/setup/account", "/setup/firm", "/setup/mailbox", "/setup/done", "/setup/progress", "/setup/mailbox/x/server")
PASSWORD = "ein-langes-passwort"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    """A house in which nobody has an account."""
    house = build(tmp_path)
    services = house.services
    services.pool.close()
    services.pool = Pool.create(f"sqlite:///{tmp_path}/empty.sqlite", str(tmp_path / "blobs"))
    services.access._pool = services.pool
    yield house
    services.pool.close()


def first_form(house: House, **also: str) -> dict[str, str]:
    code = house.services.setting_up.first.code
    return {"code": code, "name": "Eva Eder", "login": "eva", "password": PASSWORD, **also}


def test_until_somebody_has_an_account_every_page_leads_to_the_code(empty: House) -> None:
    with empty.client() as client:
        assert client.get("/", headers=PAGE).headers["location"] == "/login"
        assert client.get("/login", headers=PAGE).headers["location"] == "/setup"
        page = client.get("/setup", headers=PAGE)
        assert page.status_code == 200
        assert empty.services.setting_up.first.code not in page.text
        for path in STEPS:
            assert client.get(path, headers=PAGE).status_code == 303, path


def test_the_code_opens_the_house_once(empty: House) -> None:
    with empty.client() as client, empty.client() as other:
        wrong = client.post("/setup", data=first_form(empty, code="BBBB-BBBB-BBBB"), headers=PAGE)
        assert wrong.status_code == 401
        assert PASSWORD not in wrong.text
        assert client.post("/setup", data=first_form(empty, password="kurz"), headers=PAGE).status_code == 400
        assert client.post("/setup", data=first_form(empty), headers=PAGE).headers["location"] == "/setup/firm"
        assert client.get("/setup/firm", headers=PAGE).status_code == 200
        late = other.post("/setup", data=first_form(empty, login="mallory"), headers=PAGE)
        assert late.status_code == 401
    with empty.services.pool.read() as work:
        assert [(staff.login, staff.role.value) for staff in work.staff.all()] == [("eva", "admin")]


def test_another_site_cannot_send_the_form(empty: House) -> None:
    with empty.client() as client:
        sent = client.post("/setup", data=first_form(empty), headers={**PAGE, "sec-fetch-site": "cross-site"})
    assert sent.status_code == 403
    assert empty.services.setting_up.first.pending


def test_guessing_ends_with_a_sentence(empty: House) -> None:
    with empty.client() as client:
        said = [client.post("/setup", data=first_form(empty, code="x"), headers=PAGE).status_code for _ in range(6)]
    assert said == [401] * 5 + [429]


@pytest.mark.parametrize(("login", "status"), [("anna", 403), ("lena", 403), ("adam", 200), (None, 303)])
def test_only_administrators_set_up(firm: House, login: str | None, status: int) -> None:
    with firm.client(login) as client:
        for path in ("/setup/account", "/setup/firm", "/setup/mailbox", "/setup/done", "/setup/progress"):
            assert client.get(path, headers=PAGE).status_code == status, path
        settings = client.get("/settings", headers=PAGE).text
        assert ("/setup/mailbox" in settings) == (login == "adam")


def test_what_stays_out_of_the_pool_is_said_in_the_browser(own_firm: House, tmp_path: Path) -> None:
    file = tmp_path / "kingpost.toml"
    own_firm.services.setting_up.bind(SettingsFile(file))
    form = {"name": "Muster GmbH", "business_hours": "Mo-Fr 8-17", "time_zone": "Europe/Berlin", "language": "de"}
    with own_firm.client("adam") as client:
        assert "betriebsrat@" in client.get("/setup/firm", headers=PAGE).text
        wrong = {**form, "excluded_addresses": "Praxis Dr. Frey", "excluded_words": "Personalakte"}
        answer = client.post("/setup/firm", data=wrong, headers=PAGE)
        assert (answer.status_code, 'id="excluded-error"' in answer.text) == (400, True)
        right = {**form, "excluded_addresses": " Frey@Praxis.example\r\n\r\nhr@", "excluded_words": "Personalakte\n"}
        assert client.post("/setup/firm", data=right, headers=PAGE).status_code == 303
    kept = load(file).as_firm()
    assert kept.excluded_addresses == {"frey@praxis.example", "hr@"}
    assert kept.excluded_words == {"Personalakte"}
    own_firm.services.settings = own_firm.services.settings.model_copy(update={"firm": load(file).firm})
    with own_firm.client("adam") as client:
        again = {**form, "name": "Muster KG"}
        assert client.post("/setup/firm", data=again, headers=PAGE).status_code == 303
    assert load(file).firm.name == "Muster KG"
    assert load(file).firm.excluded_words == ("Personalakte",)


def test_the_firm_is_changed_on_a_page_of_its_own(own_firm: House, tmp_path: Path) -> None:
    file = tmp_path / "kingpost.toml"
    services = own_firm.services
    services.setting_up.bind(SettingsFile(file))
    services.settings = services.settings.model_copy(
        update={"firm": services.settings.firm.model_copy(update={"name": "Muster GmbH", "domains": ("alt.example",)})}
    )
    with services.pool.begin() as work:
        work.mailboxes.put(Mailbox("buero", address="buero@alt.example", host="mail.example", user="buero"))
    form = {"name": "Muster GmbH", "business_hours": "Mo bis Do 7:00 - 16:30, Fr 7-13 Uhr",
            "time_zone": "Europe/Berlin", "language": "de"}  # fmt: skip
    with own_firm.client("adam") as client:
        shown = client.get("/setup/firm", headers=PAGE).text
        assert ('class="steps"' in shown, "alt.example" in shown, 'href="/settings"' in shown) == (False, True, True)
        faults = {"domains": "muster", "authserv_id": "mx muster", "business_hours": "Mo-Fr 8-17\r\nimmer"}
        answer = client.post("/setup/firm", data={**form, **faults}, headers=PAGE)
        assert answer.status_code == 400
        for words in ('id="domains-error"', 'id="authserv-error"', "“immer” cannot be understood"):
            assert words in answer.text
        right = {"domains": "@Muster.example, muster.test", "authserv_id": "mx.muster.example"}
        answer = client.post("/setup/firm", data={**form, **right}, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    kept = load(file).firm
    assert (kept.domains, kept.authserv_id) == (("muster.example", "muster.test"), "mx.muster.example")
    assert kept.business_hours == ("Mo bis Do 7:00 - 16:30, Fr 7-13 Uhr",)


def test_a_token_sets_nothing_up(firm: House) -> None:
    with firm.client("adam", token={"read", "write"}) as client:
        for path in STEPS:
            assert client.get(path).status_code == 403


def test_a_draft_that_is_gone_says_so(firm: House) -> None:
    with firm.client("adam") as client:
        for step in ("server", "reading", "own"):
            answer = client.get(f"/setup/mailbox/nirgends/{step}", headers={**PAGE, "accept-language": "de"})
            assert answer.status_code == 410
            assert "Von hier wurde nichts gespeichert" in answer.text


def test_what_providers_want_first_is_said(firm: House) -> None:
    for address, words in (
        ("a@gmx.de", "POP3/IMAP"),
        ("a@t-online.de", "E-Mail-Passwort"),
        ("a@outlook.de", "[oauth."),
    ):
        with firm.client("adam") as client:
            there = client.post("/setup/mailbox", data={"address": address}).headers["location"]
            assert words in client.get(there, headers={**PAGE, "accept-language": "de"}).text


# -- signing in instead of a password


@pytest.mark.dovecot
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_mailbox_is_set_up_by_signing_in(own_firm: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN_SECRET", CLIENT_SECRET)
    with Identity() as identity, Dovecot(tmp_path, settings=identity.dovecot(tmp_path)) as server:
        own = OAuthSettings(
            client_id=CLIENT,
            client_secret_env="OWN_SECRET",
            scopes=("mail",),
            authorize_url=f"{identity.url}/authorize",
            token_url=f"{identity.url}/token",
            issuer=identity.url,
        )
        services = own_firm.services
        services.settings = services.settings.model_copy(update={"oauth": {"own": own}})
        file = tmp_path / "kingpost.toml"
        services.setting_up.bind(SettingsFile(file))
        with own_firm.client("adam") as client:
            there = client.post("/setup/mailbox", data={"address": "buero@muster.example"}).headers["location"]
            setting_up, now = services.setting_up, datetime.now(UTC)
            draft = setting_up.draft(there.split("/")[3], "adam", now)
            draft.mailbox = Mailbox(
                "buero", address="buero@muster.example", host="127.0.0.1", port=server.port, tls=Tls.NONE, user="buero"
            )
            setting_up._drafts.keep(draft, now)
            page = client.get(there, headers=PAGE).text
            link = re.search(r'href="(/setup/mailbox/[^"]+/sign-in\?provider=own)"', page)
            assert link is not None
            begun = client.get(link[1])
            asked = dict(parse_qsl(urlsplit(begun.headers["location"]).query))
            back = client.get(identity._allow(asked, "buero").removeprefix(BASE))
            assert back.headers["location"] == f"/setup/mailbox/{draft.id}/reading"
            reading = client.get(back.headers["location"], headers=PAGE)
            assert "INBOX" in reading.text
            chosen = client.post(back.headers["location"], data={"name": "buero", "whose": "shared", "folder.0": "1"})
            assert chosen.headers["location"].endswith("/own"), chosen.text
            done = client.post(chosen.headers["location"], data={"domains": "muster.example"})
            assert done.headers["location"] == "/setup/done", done.text
        mailboxes = Mailboxes(services.settings, services.pool)
        grant = mailboxes.grant("buero")
        assert isinstance(grant, Grant)
        assert grant.refresh
        assert grant.refresh not in file.read_text(encoding="utf-8")
        assert services.setting_up.renewal.due
