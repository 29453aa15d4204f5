"""What Kingpost serves for Outlook: nothing until it is switched on, and then Microsoft's script on one page only."""

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.outlook import ICON_SIZES, MANIFEST_PATH, faults, manifest
from assistant.web.security import OFFICE_JS, OUTLOOK_PANE
from rules.terms.errors import WrongUse
from tests.assistant.web.house import BASE, House, build

HOST = "https://kingpost.muster.example"
NAMES = {
    "o": "http://schemas.microsoft.com/office/appforoffice/1.1",
    "v0": "http://schemas.microsoft.com/office/mailappversionoverrides",
    "v1": "http://schemas.microsoft.com/office/mailappversionoverrides/1.1",
    "bt": "http://schemas.microsoft.com/office/officeappbasictypes/1.0",
}
PAGE = {"accept": "text/html", "accept-language": "de"}


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A firm that has switched the add-in on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KINGPOST_OUTLOOK__ENABLED", "true")
        house = build(tmp_path_factory.mktemp("outlook"), base_url=HOST)
    yield house
    house.services.pool.close()


def test_it_is_off_until_it_is_switched_on(firm: House) -> None:
    with firm.client("anna") as client:
        for path in (OUTLOOK_PANE, MANIFEST_PATH):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "microsoft" not in answer.headers["content-security-policy"]
            assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_microsofts_script_runs_on_the_pane_and_nowhere_else(on: House) -> None:
    with on.client("anna") as client:
        client.base_url = HOST
        opened = set()
        for path in ("/", "/login", "/pair", "/sidebar", "/settings", "/customers/C1", "/api/docs", OUTLOOK_PANE):
            answer = client.get(path, headers=PAGE)
            if "microsoft" in answer.headers["content-security-policy"] or OFFICE_JS in answer.text:
                opened.add(path)
        assert opened == {OUTLOOK_PANE}
        pane = client.get(OUTLOOK_PANE, headers=PAGE)
    policy = dict(part.split(" ", 1) for part in pane.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self' https://appsforoffice.microsoft.com"
    # Telemetry of Microsoft's script has nowhere to go, and no inline script runs beside it.
    assert (policy["connect-src"], policy["default-src"]) == ("'self'", "'none'")
    assert "unsafe" not in str(policy)
    assert policy["frame-ancestors"].split()[:2] == ["'self'", "https://outlook.office.com"]
    assert "x-frame-options" not in pane.headers
    assert not re.search(r"<script(?! (src|type=\"module\"|type=\"application/json\"))", pane.text)


def test_the_pane_is_the_same_for_everybody_and_knows_nobody(on: House) -> None:
    with on.client("anna") as anna, on.client() as nobody:
        anna.base_url = nobody.base_url = HOST
        for language, words in (("de", "Bei Kingpost anmelden"), ("en", "Sign in to Kingpost")):
            headers = {"accept-language": language}
            first, second = anna.get(OUTLOOK_PANE, headers=headers), nobody.get(OUTLOOK_PANE, headers=headers)
            assert words in second.text
            assert (first.status_code, first.text) == (200, second.text)
            assert "anna" not in first.text


def test_icons_may_be_shown_and_kept_by_outlook(on: House) -> None:
    with on.client() as client:
        client.base_url = HOST
        for size in ICON_SIZES:
            answer = client.get(f"{OUTLOOK_PANE}/icons/{size}.png")
            assert answer.headers["content-type"] == "image/png"
            assert int.from_bytes(answer.content[16:20]) == size
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert answer.headers["cache-control"] == "public, max-age=86400"
        assert client.get(f"{OUTLOOK_PANE}/icons/7.png").status_code == 404


def test_a_client_may_ask_for_a_token_that_soon_ends_and_end_it_itself(own_firm: House) -> None:
    with own_firm.client() as pane, own_firm.client("anna") as anna:
        begun = pane.post("/api/v1/pairings", json={"client": "Outlook", "hours": 12}).json()
        confirmed = anna.post("/pair", data={"code": begun["code"], "close": "1"}, headers=PAGE)
        assert confirmed.status_code == 200
        assert "Dieses Fenster kann geschlossen werden" in confirmed.text
        assert "/static/close.js" in confirmed.text
        paired = pane.post("/api/v1/pairings/token", json={"secret": begun["secret"]}).json()
        [token] = own_firm.services.access.tokens("anna")
        assert token.expires is not None
        assert timedelta(hours=11) < token.expires - datetime.now(UTC) <= timedelta(hours=12)
        pane.headers["authorization"] = f"Bearer {paired['token']}"
        assert pane.post("/api/v1/summary", json={"message_id": "x@y"}).status_code == 200
        assert pane.delete("/api/v1/token").status_code == 204
        assert pane.post("/api/v1/summary", json={"message_id": "x@y"}).status_code == 401
        assert own_firm.services.access.tokens("anna") == []
        # A person's login has no token to end.
        assert anna.delete("/api/v1/token").status_code == 204
        assert anna.get("/api/v1/tokens").status_code == 200


@pytest.mark.parametrize("hours", [0, 8761, -1, "x"])
def test_no_token_lasts_longer_than_a_year(firm: House, hours: object) -> None:
    with firm.client() as client:
        assert client.post("/api/v1/pairings", json={"client": "x", "hours": hours}).status_code == 400


# -- the manifest


def test_the_manifest_asks_to_read_the_open_item_and_can_be_pinned() -> None:
    root = ElementTree.fromstring(manifest(HOST))
    assert root.findtext("o:Permissions", namespaces=NAMES) == "ReadItem"
    assert [each.attrib["Name"] for each in root.iterfind("o:Hosts/o:Host", NAMES)] == ["Mailbox"]
    assert [each.text for each in root.iterfind("o:AppDomains/o:AppDomain", NAMES)] == [HOST]
    sets = root.find("o:Requirements/o:Sets", NAMES)
    assert sets is not None
    assert sets.attrib["DefaultMinVersion"] == "1.5"
    inner = root.find("v0:VersionOverrides/v1:VersionOverrides", NAMES)
    assert inner is not None
    [action, compose] = inner.iterfind(".//v1:Action", NAMES)
    told = {each.tag.rpartition("}")[2]: each.text for each in action if each.text}
    assert told == dict.fromkeys(("SupportsPinning", "SupportsNoItemContext", "SupportsMultiSelect"), "true")
    assert [each.tag.rpartition("}")[2] for each in compose] == ["SourceLocation"]
    # 1.0 knows no pinning.
    [outer] = root.iterfind("v0:VersionOverrides", NAMES)
    assert {len(each) for each in outer.iterfind("v0:Hosts//v0:Action", NAMES)} == {1}
    languages = {each.attrib["Locale"] for each in root.iter() if "Locale" in each.attrib}
    assert languages == {"de-DE"}


def test_an_exchange_of_ones_own_is_not_given_what_it_refuses() -> None:
    """Exchange 2019 calls SupportsMultiSelect invalid, and SupportsNoItemContext possible (office-js, issue 3935)."""
    text = manifest(HOST, exchange_server=True)
    assert "SupportsMultiSelect" not in text
    assert "<SupportsNoItemContext>" in text


def test_the_same_address_keeps_its_id_and_another_one_has_another() -> None:
    def id_of(text: str) -> str | None:
        return ElementTree.fromstring(text).findtext("o:Id", namespaces=NAMES)

    assert id_of(manifest(HOST)) == id_of(manifest(HOST + "/", exchange_server=True))
    assert id_of(manifest(HOST)) != id_of(manifest("https://other.example"))


@pytest.mark.parametrize(
    "host",
    ["http://127.0.0.1:8470", "http://kingpost.example", "https://a.example/x", f"https://{'a' * 2_100}.example"],
)
def test_an_address_that_outlook_loads_nothing_from_is_refused(host: str) -> None:
    with pytest.raises(WrongUse):
        manifest(host)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<Id>", "<Version>1</Version><Id>", "in this order"),
        ("<Permissions>", "<Extra/><Permissions>", "knows no Extra"),
        ('DefaultValue="Kingpost"', f'DefaultValue="{"x" * 126}"', "at most 125"),
        ('Value="Kunde"', 'Value=""', "0 letters"),
        ('resid="tip"', 'resid="tipp"', "not defined"),
        (f"{HOST}/clients/outlook/icons/16.png", "http://a.example/x.png", "not https"),
    ],
)
def test_a_manifest_with_a_fault_is_not_handed_out(old: str, new: str, fault: str) -> None:
    text = manifest(HOST)
    assert list(faults(text)) == []
    assert old in text
    assert any(fault in each for each in faults(text.replace(old, new, 1)))


def test_what_is_served_is_what_the_command_writes(on: House) -> None:
    with on.client() as client:
        client.base_url = HOST
        answer = client.get(MANIFEST_PATH)
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text == manifest(HOST)
    assert BASE not in answer.text


@pytest.fixture(scope="module")
def validator() -> list[str]:
    """Microsoft's office-addin-manifest, from npm."""
    program = os.environ.get("KINGPOST_OFFICE_ADDIN_MANIFEST", "")
    if shutil.which("node") is None or not Path(program).is_file():
        pytest.skip(
            "KINGPOST_OFFICE_ADDIN_MANIFEST does not name cli.js (npm install --prefix DIR office-addin-manifest; "
            "DIR/node_modules/office-addin-manifest/cli.js)"
        )
    return ["node", program]


@pytest.mark.parametrize("exchange_server", [False, True])
def test_microsofts_own_tool_takes_the_manifest(validator: list[str], tmp_path: Path, exchange_server: bool) -> None:
    """Its `info` reads the manifest on this machine; so does its `validate`, and then asks a service of Microsoft's.

    Where that can be reached it has to accept; where it cannot, nothing else may be wrong.
    """
    file = tmp_path / "kingpost-outlook.xml"
    file.write_text(manifest(HOST, exchange_server=exchange_server), encoding="utf-8")

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*validator, command, file], capture_output=True, text=True, check=False, timeout=100)

    info = run("info")
    assert info.returncode == 0, info.stderr
    for line in ("Name: Kingpost", "Type: MailApp", "Permissions: ReadItem", "Hosts: Mailbox", f"AppDomains: {HOST}"):
        assert line in info.stdout
    done = run("validate")
    told = done.stdout + done.stderr
    assert (
        "The manifest is valid." in told
        if done.returncode == 0
        else "Unable to contact the manifest validation" in told
    )
