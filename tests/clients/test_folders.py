"""`kingpost client mutt|roundcube|dovecot`: folders that work as they are, and tokens that stay private."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from assistant import client_folders
from assistant.access import ANNOUNCE
from assistant.gmail import deployment
from assistant.outlook import manifest
from rules.terms.errors import WrongUse
from rules.terms.staff import Role
from tests.journeys.running import Home

ADDRESS = "https://kingpost.muster.example"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "firma")
    made.write("")
    made.make(admin=Role.ADMIN, anna=Role.STAFF)
    return made


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)


def scopes(home: Home, login: str) -> list[frozenset[str]]:
    with home.pool() as pool, pool.read() as work:
        return [token.scopes for token in work.staff.tokens(login)]


def test_mutts_folder_has_a_filter_that_runs_and_a_token_of_ones_own(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "mutt"
    done = home.kingpost("client", "mutt", "--for", "anna", "--host", ADDRESS + "/", "--out", out)
    assert (done.code, f"source {out}/kingpost.muttrc" in done.out) == (0, True), done.text
    assert (mode(out / "kingpost-show"), mode(out / "client.json")) == ("-rwxr-xr-x", "-rw-------")
    given = json.loads((out / "client.json").read_text())
    assert given["url"] == ADDRESS
    assert given["token"].startswith("kp_")
    assert given["token"] not in done.text
    assert scopes(home, "anna") == [frozenset({"read"})]
    lines = (out / "kingpost.muttrc").read_text()
    assert f'set display_filter = "{out}/kingpost-show"' in lines
    assert "@" not in lines
    mail = b"Message-ID: <a@b>\n\nhello\n"
    command = [str(out / "kingpost-show")]
    filtered = subprocess.run(command, input=mail, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    assert (filtered.stdout, filtered.stderr) == (mail, b"")


def test_mutts_lines_alone_need_no_service(home: Home) -> None:
    done = home.kingpost("client", "mutt")
    assert (done.code, 'set display_filter = "kingpost show -"' in done.out) == (0, True), done.text


def test_roundcubes_folder_is_the_plugin_with_its_configuration(home: Home, tmp_path: Path) -> None:
    done = home.kingpost("client", "roundcube", "--for", "anna", "--host", ADDRESS, "--out", tmp_path / "plugin")
    assert done.code == 0, done.text
    folder = tmp_path / "plugin" / "kingpost"
    config = folder / "config.inc.php"
    assert mode(config) == "-rw-r-----"
    assert f"$config['kingpost_url'] = '{ADDRESS}';" in config.read_text()
    assert "$config['kingpost_token'] = 'kp_" in config.read_text()
    assert "'kp_token'" not in config.read_text()
    assert {"kingpost.php", "kingpost.css", "localization", "config.inc.php.dist"} <= {
        path.name for path in folder.iterdir()
    }
    assert scopes(home, "anna") == [frozenset({"read"})]


def test_dovecots_folder_is_a_script_and_the_lines_that_name_it(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "hook"
    words = ("client", "dovecot", "--for", "admin", "--out", out, "--script", "/etc/dovecot/kp.lua")
    done = home.kingpost(*words, "--host", "http://localhost:8470")
    assert done.code == 0, done.text
    assert mode(out / "kingpost.lua") == "-rw-r-----"
    assert 'URL = "http://127.0.0.1:8470/api/v1/openings"' in (out / "kingpost.lua").read_text()
    assert "lua:file=/etc/dovecot/kp.lua" in (out / "90-kingpost.conf").read_text()
    named = home.kingpost(*words, "--host", ADDRESS)
    assert (named.code, "127.0.0.1" in named.err) == (2, True), named.text
    assert scopes(home, "admin") == [ANNOUNCE]


def test_outlooks_manifest_comes_with_a_warning_of_what_leaves(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "kingpost-outlook.xml"
    done = home.kingpost("client", "outlook", "--host", ADDRESS, "--out", out)
    assert done.code == 0, done.text
    assert "appsforoffice.microsoft.com" in done.err
    assert "enabled = true" in done.err
    assert out.read_text() == manifest(ADDRESS)
    done = home.kingpost("client", "outlook", "--host", ADDRESS, "--out", out, "--exchange-server")
    assert out.read_text() == manifest(ADDRESS, exchange_server=True), done.text
    plain = home.kingpost("client", "outlook", "--host", "http://127.0.0.1:8470", "--out", tmp_path / "x.xml")
    assert (plain.code, "https" in plain.err) == (2, True), plain.text
    assert not (tmp_path / "x.xml").exists()


def test_gmails_deployment_comes_with_a_warning_of_what_leaves(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "kingpost-gmail.json"
    done = home.kingpost("client", "gmail", "--host", ADDRESS, "--out", out)
    assert done.code == 0, done.text
    assert "Google" in done.err
    assert "client_id" in done.err
    assert out.read_text() == deployment(ADDRESS)
    plain = home.kingpost("client", "gmail", "--host", "http://127.0.0.1:8470", "--out", tmp_path / "x.json")
    assert (plain.code, "https" in plain.err) == (2, True), plain.text


def test_nobodys_token_is_made(home: Home, tmp_path: Path) -> None:
    for client in ("mutt", "roundcube", "dovecot"):
        done = home.kingpost("client", client, "--for", "niemand", "--out", tmp_path / client)
        assert (done.code, "niemand" in done.err) == (2, True), done.text
        assert not (tmp_path / client).exists()


@pytest.mark.parametrize(
    "address",
    [
        "http://kingpost.muster.example",
        "http://127.0.0.1.evil.example",
        "https://x'; system('id'); //",
        'https://x"..os.execute("id").."',
        "https://name:pass@host",
        "https://host/path",
        "ftp://host",
        "",
    ],
)
def test_no_token_goes_to_an_odd_address(address: str, tmp_path: Path) -> None:
    for make in (client_folders.roundcube, lambda url, token: client_folders.mutt(url, token, tmp_path)):
        with pytest.raises(WrongUse):
            make(address, "kp_x")
    with pytest.raises(WrongUse):
        client_folders.dovecot(address, "kp_x", "/x.lua")


def test_a_file_that_was_open_to_all_is_closed_before_the_token_is_in_it(tmp_path: Path) -> None:
    old = tmp_path / "client.json"
    old.write_text("old")
    old.chmod(0o666)
    client_folders.write(tmp_path, client_folders.mutt(ADDRESS, "kp_x", tmp_path))
    assert mode(old) == "-rw-------"


def test_the_plugin_is_php_as_it_stands() -> None:
    if shutil.which("php") is None:
        pytest.skip("PHP is not installed (Debian: apt-get install php-cli)")
    for name, part in client_folders.roundcube(ADDRESS, "kp_x").items():
        if name.endswith((".php", ".inc", ".dist")):
            done = subprocess.run(["php", "-l"], input=part.content, capture_output=True, check=False)
            assert done.returncode == 0, (name, done.stdout)
