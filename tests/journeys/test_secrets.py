"""Passwords that the settings name, or that were stored sealed: they are used, and stand nowhere else."""

import io
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from sqlalchemy import make_url, select

from assistant.settings import load
from rules.terms.mail import Mailbox, Tls
from storage.columns import metadata
from storage.secrets import Vault
from tests.journeys.running import PASSWORD, Home, Visitor, mailbox_table
from tests.servers.dovecot import Dovecot

SECRETS = {
    "PLANTED_OFFICE": "Geheim-Postfach-7aQ1",
    "PLANTED_OUTGOING": "Geheim-Ausgang-9xB2",
}
IN_FILE, SEALED, DATABASE = "Geheim-Datei-3zC4", "Geheim-Tresor-5vD6", "Geheim-Datenbank-1yE8"
ALL = (*SECRETS.values(), IN_FILE, SEALED, DATABASE, PASSWORD)
# The firm's own, which hold them on purpose.
THEIRS = {"kingpost.toml", "file.password"}
MOST = 100


@pytest.mark.dovecot
@pytest.mark.timeout(600)
def test_a_planted_secret_stands_in_no_log_dump_page_or_answer(
    new_home: Callable[[str], Home], dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home("firma")
    if (url := make_url(home.pool_url)).host and not url.password:
        home.pool_url = url.set(password=DATABASE).render_as_string(hide_password=False)
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    (home.folder / "file.password").write_text(IN_FILE)
    wrong = mailbox_table(dovecot, "file", name="aus-datei")
    office = mailbox_table(dovecot, "office").replace(
        'password_file = "office.password"', 'password_env = "PLANTED_OFFICE"'
    )
    outgoing = """
[outgoing]
host = "127.0.0.1"
port = 9
user = "x"
password_env = "PLANTED_OUTGOING"
sender = "info@muster.example"
"""
    home.write(wrong, office, outgoing, '[alarms]\nto = ["edv@muster.example"]')
    home.make()
    said = [home.kingpost("user", "password", "admin", env={"KINGPOST_PASSWORD": PASSWORD}).text]
    settings = load(home.file)
    with home.pool() as pool, pool.begin() as work:
        # Nobody listens at port 9.
        work.mailboxes.put(Mailbox("fort", host="127.0.0.1", port=9, tls=Tls.NONE, user="x"))
        work.mailboxes.set_secret("fort", Vault(settings.path(settings.pool.key_file)).seal(SEALED))
    with home.running() as service, Visitor(home) as visitor:
        service.until(lambda: "abgelehnt" in visitor.page("/"), "a login is refused")
        found = crawl(visitor)
        assert len(found) > 30
        found["/metrics"] = visitor.get("/metrics").text
        said += [home.kingpost(*words).text for words in (("check",), ("mailbox", "list"), ("user", "list"))]
        said.append(home.kingpost("mailbox", "check", "aus-datei").text)
        said.append(home.kingpost("outgoing", "check").text)
        assert home.kingpost("backup", "backup.tar", "--without-key").code == 0
        assert service.stop() == 0
    found |= {"log": service.said, "commands": "\n".join(said), "tables": tables(home.folder / "backup.tar")}
    found |= {"rows": rows(home)} | files(home)
    for secret in ALL:
        assert [where for where, text in found.items() if secret in text] == []


def crawl(visitor: Visitor) -> dict[str, str]:
    """Every page and every answer that can be asked for without changing anything, from the start page and the API."""
    paths = visitor.get("/api/docs/openapi.json").json()["paths"]
    queue = ["/", *(re.sub(r"\{[^}]+\}", "1", path) for path, methods in paths.items() if "get" in methods)]
    found: dict[str, str] = {}
    for path in queue:
        if path in found or len(found) >= MOST or "stream" in path:
            continue
        answer = visitor.get(path, headers={"Accept": "text/html,application/json"})
        found[path] = answer.text + json.dumps(dict(answer.headers))
        queue += [link for link in re.findall(r'href="(/[^"#]*)"', answer.text) if not link.startswith("/static")]
    return found


def rows(home: Home) -> str:
    """Every row of every table, columns of bytes as they are."""
    with home.tables() as connection:
        return "\n".join(repr(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))


def files(home: Home) -> dict[str, str]:
    """Every file that came to be in the firm's folder."""
    every = (path for path in home.folder.rglob("*") if path.is_file() and path.name not in THEIRS)
    return {str(path): path.read_bytes().decode("latin-1") for path in every}


def tables(backup: Path) -> str:
    """The dump in a backup."""
    with tarfile.open(backup) as archive:
        packed = archive.extractfile("pool.jsonl.zst")
        assert packed is not None
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed.read())).read().decode()
