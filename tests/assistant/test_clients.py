"""What is packed for a mail client: whole, for one firm's address only, and able to do nothing else."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.clients import ADDON_ID, XPI_PATH, thunderbird, thunderbird_policy
from rules.terms.errors import WrongUse
from rules.terms.mark import Keyword
from tests.assistant.web.house import BASE, House, build

HOST = "https://kingpost.muster.example:8443"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return unpacked(thunderbird(HOST, "Europe/Berlin"))


def unpacked(xpi: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(xpi)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def manifest_of(files: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files["manifest.json"])
    return found


def test_the_add_on_may_ask_the_firm_and_nobody_else(files: dict[str, str]) -> None:
    manifest = manifest_of(files)
    assert manifest["host_permissions"] == ["https://kingpost.muster.example/*"]
    assert manifest["permissions"] == ["messagesRead", "compose", "scripting", "storage"]
    assert manifest["browser_specific_settings"]["gecko"] == {"id": ADDON_ID, "strict_min_version": "128.0"}
    policy = manifest["content_security_policy"]["extension_pages"]
    assert f"connect-src 'self' {HOST};" in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert re.fullmatch(r"\d+(\.\d+){0,3}", manifest["version"])
    assert json.loads(files["config.json"]) == {"host": HOST, "zone": "Europe/Berlin"}


def test_every_file_that_is_named_is_there(files: dict[str, str]) -> None:
    named = set(re.findall(r'"([\w/.-]+\.(?:js|html|svg|css))"', files["manifest.json"]))
    for name, text in files.items():
        folder = Path(name).parent
        if name.endswith(".js"):
            named |= {(folder / each).as_posix() for each in re.findall(r'(?:from|import) "\./([^"]+)"', text)}
        elif name.endswith(".html"):
            named |= set(re.findall(r'(?:src|href)="([^"]+)"', text))
    assert named
    assert named <= files.keys()
    # What the modules that are shared with the sidebar take from the server stands under the same path here.
    assert set(re.findall(r"/(static/[\w.-]+)#", files["static/summary.js"])) <= files.keys()


def test_both_languages_say_the_same_and_all_of_it_is_used(files: dict[str, str]) -> None:
    german, english = (json.loads(files[f"_locales/{language}/messages.json"]) for language in ("de", "en"))
    assert german.keys() == english.keys()
    own = "".join(text for name, text in files.items() if re.fullmatch(r"[\w.]+\.(js|json)|static/acting\.js", name))
    formed = {f"{start}_" for start in re.findall(r"`(\w+)_\$\{", own)}
    unused = {key for key in german if not re.search(rf"(\"|__MSG_){key}(\"|__)", own)}
    assert {key for key in unused if not key.startswith(tuple(formed))} == set()
    named = set(re.findall(r'(?:say|getMessage)\("(\w+)"', own)) | set(re.findall(r"__MSG_(\w+?)__", own))
    assert named <= german.keys()
    for key in german:
        both = [set(re.findall(r"\$\d", each[key]["message"])) for each in (german, english)]
        assert both[0] == both[1], key


def test_what_comes_from_outside_enters_as_text_only(files: dict[str, str]) -> None:
    for name, text in files.items():
        if name.endswith(".js"):
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
        elif name.endswith(".html"):
            assert not re.search(r"<script(?! type=\"module\" src=)|<style| on\w+=| style=", text)


def test_the_same_parts_make_the_same_file() -> None:
    thunderbird.cache_clear()
    first = thunderbird(HOST, "UTC")
    thunderbird.cache_clear()
    assert thunderbird(HOST + "/", "UTC") == first


def test_one_for_a_store_is_told_its_address_by_policy() -> None:
    files = unpacked(thunderbird(None, "UTC"))
    manifest = manifest_of(files)
    assert "host_permissions" not in manifest
    assert manifest["optional_host_permissions"] == ["https://*/*"]
    assert "host" not in json.loads(files["config.json"])
    policy = json.loads(thunderbird_policy(HOST, HOST + XPI_PATH, "de"))["policies"]
    assert policy["3rdparty"]["Extensions"][ADDON_ID] == {"host": HOST}
    installed = {"installation_mode": "force_installed", "install_url": HOST + "/clients/thunderbird.xpi"}
    assert policy["ExtensionSettings"] == {ADDON_ID: installed}
    assert policy["Preferences"]["mailnews.tags.$complaint.tag"] == {"Value": "Beschwerde", "Status": "default"}
    assert len(policy["Preferences"]) == 2 * len(Keyword)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "kingpost.muster.example",
        "http://kingpost.muster.example",
        "https://",
        "https://a.example/kingpost",
        "https://a.example; script-src *",
        "https://a.example?x",
        "javascript:alert(1)",
        "https://a.example:port",
        "https://[",
    ],
)
def test_an_address_that_would_send_mail_data_in_clear_or_nowhere_is_refused(host: str) -> None:
    with pytest.raises(WrongUse):
        thunderbird(host, "UTC")


def test_kingpost_hands_the_add_on_out_to_everybody(firm: House) -> None:
    with firm.client() as client:
        answer = client.get(XPI_PATH)
    assert answer.headers["content-type"] == "application/x-xpinstall"
    assert answer.content == thunderbird(BASE, "Europe/Berlin")


def test_without_tls_there_is_no_add_on_for_other_machines(tmp_path: Path) -> None:
    house = build(tmp_path, bind="192.168.1.5:8470")
    with house.client() as client:
        assert client.get(XPI_PATH).status_code == 400
    house.services.pool.close()


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = build(tmp_path_factory.mktemp("firm"))
    yield house
    house.services.pool.close()
