"""What goes wrong at a firm, by the real command line: a clear sentence with the remedy, and work that goes on."""

import resource
import smtplib
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.journeys import mails
from tests.journeys.ledger import known
from tests.journeys.running import Home, Said, Visitor, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot, free_ports

ENGLISH = {"KINGPOST_FIRM__LANGUAGE": "en"}
GERMAN = {"KINGPOST_FIRM__LANGUAGE": "de"}


@pytest.fixture
def firm(home: Home) -> Home:
    """A firm with a pool, without mailboxes."""
    home.write()
    home.make()
    return home


def says(said: Said, code: int, *sentences: str) -> None:
    """The command ended like this and said this, and nothing else that would hide it."""
    assert said.code == code, said.text
    for sentence in sentences:
        assert sentence in said.err, said.text
    assert len(said.err.strip().splitlines()) <= 3, said.err


# -- settings, pool and ports


def test_an_unknown_setting_is_named_with_the_near_one(firm: Home) -> None:
    firm.write("[smtp]\nmax_sise = 1")
    said = firm.kingpost("run")
    says(said, 2, str(firm.file), "smtp.max_sise", "max_size")
    firm.file.write_text("[web\n")
    says(firm.kingpost("run"), 2, str(firm.file))


def test_without_a_pool_one_is_told_to_make_one(home: Home) -> None:
    home.write()
    says(home.kingpost("run"), 1, "gibt es noch keinen Datenpool", "kingpost init")
    says(home.kingpost("run", env=ENGLISH), 1, "There is no pool", "kingpost init")


def test_a_settings_file_that_is_not_there_and_a_wrong_word_are_wrong_use(home: Home) -> None:
    says(home.kingpost("check"), 2, str(home.file), "kingpost init")
    home.write()
    assert home.kingpost("runn").code == 2
    assert home.kingpost("mailbox", "add", "x", "--host", "h", "--user", "u", "--tls", "maybe").code == 2


@pytest.mark.parametrize("option", ["web", "smtp"])
def test_an_occupied_port_is_named_and_the_service_starts_once_it_is_free(firm: Home, option: str) -> None:
    port = firm.web_port if option == "web" else firm.smtp_port
    firm.write(f'[smtp]\nbind = "127.0.0.1:{firm.smtp_port}"\nrecipients = {{ "a@b.example" = "journal" }}')
    with socket.create_server(("127.0.0.1", port)):
        says(firm.kingpost("run"), 1, f"127.0.0.1:{port}", "belegt", "Beenden Sie es", f"[{option}]")
    with firm.running() as service:
        assert service.stop() == 0


def test_a_second_service_on_one_pool_is_refused_and_the_first_goes_on(firm: Home) -> None:
    with firm.running() as service:
        port = free_ports(1)[0]
        other = {"KINGPOST_WEB__BIND": f"127.0.0.1:{port}"}
        says(firm.kingpost("run", env=other), 1, "läuft schon ein Kingpost-Dienst", str(service.process.pid))
        says(firm.kingpost("run", env={**other, **ENGLISH}), 1, "Another Kingpost service", str(service.process.pid))
        assert service.ready()
        service.kill()
    # A killed service leaves no lock behind.
    with firm.running() as service:
        assert service.stop() == 0


# -- mail servers


@pytest.mark.dovecot
def test_an_account_that_does_not_work_is_not_added_and_says_why(firm: Home, dovecot: Dovecot, user: str) -> None:
    def add(*words: str, password: str = dovecot.password, env: Mapping[str, str] = GERMAN) -> Said:
        options = ("--user", user, *words)
        return firm.kingpost("mailbox", "add", "office", *options, env={**env, "KINGPOST_MAILBOX_PASSWORD": password})

    here = ("--host", "localhost", "--tls", "none", "--port", str(dovecot.port))
    tls = ("--host", "localhost", "--port", str(dovecot.tls_port))
    closed = str(free_ports(1)[0])
    says(add(*here, password="falsch"), 1, "Anmeldung", "Prüfen Sie Benutzername und Passwort")
    says(add(*here, password="falsch", env=ENGLISH), 1, "refused the login", "Check user name and password")
    says(add("--host", "localhost", "--port", closed), 1, f"localhost:{closed} antwortet nicht", "Prüfen Sie Rechner")
    says(add("--host", "nirgends.invalid"), 1, "nirgends.invalid:993 antwortet nicht", "Prüfen Sie Rechnername")
    says(add(*tls), 1, "Zertifikat", "ca_file")
    says(add(*tls, env=ENGLISH), 1, "certificate", "ca_file")
    says(add("--host", "mail.example.org", "--tls", "none"), 1, "nicht gesendet", "unverschlüsselt")
    says(add(*here, "--folder", "INBOX", "--folder", "Verträge"), 1, "„Verträge“ gibt es in office nicht")
    says(add(*here, "--folder", "Verträge", env=ENGLISH), 1, "“Verträge” does not exist")
    with firm.pool() as pool, pool.read() as work:
        assert work.mailboxes.all() == []
    added = add(*tls, "--ca-file", str(dovecot.ca_file))
    assert added.code == 0, added.text
    assert "office wird beobachtet" in added.out


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_login_that_ends_is_shouted_and_a_new_password_lets_it_go_on(home: Home, tmp_path: Path) -> None:
    with Dovecot(tmp_path / "server") as server:
        server.fill("office", "INBOX", (mails.plain(number) for number in range(3)))
        home.write()
        home.make()
        words = ("--host", "127.0.0.1", "--tls", "none", "--port", str(server.port), "--user", "office")
        assert (
            home.kingpost("mailbox", "add", "office", *words, env={"KINGPOST_MAILBOX_PASSWORD": server.password}).code
            == 0
        )
        with home.running() as service, Visitor(home) as admin:
            service.until(lambda: state(admin) == "watching", "the mailbox is watched")
            old = server.password
            server.stop()
            server.password = "ganz-neu-7"
            conf = server.folder / "dovecot.conf"
            conf.write_text(conf.read_text().replace(f"password={old}", f"password={server.password}"))
            server.start()
            server.append("office", "INBOX", mails.plain("dazwischen"))
            service.until(lambda: state(admin) == "login-refused", "the login is refused")
            assert "hat die Anmeldung von office abgelehnt" in admin.page("/")
            assert "Prüfen Sie Benutzername und Passwort" in error(admin)
            with Visitor(home, language="en") as guest:
                assert "refused the login of office" in guest.page("/")
            assert "Anmeldung von office abgelehnt" in home.kingpost("mailbox", "list").out
            wrong = home.kingpost("mailbox", "password", "office", env={"KINGPOST_MAILBOX_PASSWORD": old})
            says(wrong, 1, "Anmeldung")
            done = home.kingpost("mailbox", "password", "office", env={"KINGPOST_MAILBOX_PASSWORD": server.password})
            assert done.code == 0, done.text
            service.until(lambda: state(admin) == "watching", "the mailbox is watched again")
            service.until(lambda: len(known(home, "office")) == 4, "the mail that came meanwhile is there")
            assert error(admin) == ""


@pytest.mark.dovecot
def test_a_password_file_that_is_mended_is_noticed(home: Home, dovecot: Dovecot, user: str) -> None:
    home.write(mailbox_table(dovecot, user))
    home.make()
    dovecot.append(user, "INBOX", mails.plain(1))
    with home.running() as service, Visitor(home) as admin:
        service.until(lambda: state(admin) == "login-refused", "the missing password is said")
        assert "Für das Postfach „" in admin.page("/")
        keep_password(home, user, "falsch")
        service.until(lambda: "hat die Anmeldung von" in admin.page("/"), "the wrong password is said")
        keep_password(home, user)
        service.until(lambda: len(known(home, user)) == 1, "the mail is read")


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_server_that_goes_away_and_comes_back_and_a_folder_that_is_missing(home: Home, tmp_path: Path) -> None:
    with Dovecot(tmp_path / "server") as server:
        server.append("office", "INBOX", mails.plain(1))
        keep_password(home, "office")
        home.write(mailbox_table(server, "office", 'folders = ["INBOX", "Vertrag"]'))
        home.make()
        with home.running() as service, Visitor(home) as admin:
            service.until(lambda: "„Vertrag“ gibt es in office nicht" in error(admin), "the missing folder is said")
            assert state(admin) == "retrying"
            service.until(lambda: len(known(home, "office")) == 1, "the other folder is read all the same")
            server.append("office", "Vertrag", mails.plain(2))
            service.until(lambda: len(known(home, "office")) == 2, "the folder is read once it is there")
            service.until(lambda: state(admin) == "watching", "all is well")
            server.stop()
            service.until(lambda: "antwortet nicht" in error(admin), "the missing server is said")
            assert state(admin) == "retrying"
            assert "antwortet nicht" in admin.page("/")
            server.start()
            server.append("office", "INBOX", mails.plain(3))
            service.until(lambda: len(known(home, "office")) == 3, "the service goes on by itself")
            service.until(lambda: state(admin) == "watching", "all is well")


# -- tables


def test_a_malformed_table_is_refused_with_the_reason_and_good_rows_go_in(firm: Home, tmp_path: Path) -> None:
    def read(content: bytes, *words: str, env: Mapping[str, str] = GERMAN) -> Said:
        (tmp_path / "kunden.csv").write_bytes(content)
        return firm.kingpost("import", "customers", tmp_path / "kunden.csv", *words, env=env)

    says(read(b""), 1, "kunden.csv kann nicht eingelesen werden")
    says(read(b"\x00\x01\x02\xff" * 100), 1, "kunden.csv kann nicht eingelesen werden")
    says(read(b"Firma;Ort\nHansen;Ulm\n"), 1, "kunden.csv kann nicht eingelesen werden", "Kundennummer (customer_no)")
    says(read(b"Firma;Ort\nHansen;Ulm\n", env=ENGLISH), 1, "cannot be imported", "customer_no")
    says(firm.kingpost("import", "customers", tmp_path / "fehlt.csv"), 1, "fehlt.csv")
    assert firm.kingpost("import", "kunden", tmp_path / "kunden.csv").code == 2
    assert read(b"customer_id;name\nC1;Hansen\n", "--map", "name").code == 2
    good = b"customer_id;name;email;since\nC1;Hansen Metall;karin@hansen.example;2019\n"
    bad = read(good + b"C2;;x@y.example;2020\n")
    assert bad.code == 1
    assert "Zeile 3" in bad.err
    assert "1 neu" in bad.out
    with firm.pool() as pool, pool.read() as work:
        assert work.customers.size() == 1
    again = read(good)
    assert (again.code, "0 neu, 0 geändert, 1 gleich" in again.out) == (0, True), again.text


# -- no room


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_full_disk_loses_nothing_and_the_service_goes_on_when_there_is_room(
    home: Home, dovecot: Dovecot, user: str
) -> None:
    keep_password(home, user)
    dovecot.append(user, "INBOX", mails.plain(0))
    home.write(
        mailbox_table(dovecot, user),
        f'[smtp]\nbind = "127.0.0.1:{home.smtp_port}"\nrecipients = {{ "journal@muster.example" = "journal" }}',
    )
    home.make()
    with home.running() as service, Visitor(home) as admin:
        service.until(lambda: len(known(home, user)) == 1, "the first mail is read")
        # No file of the service may grow beyond what the database has reached.
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
        dovecot.fill(user, "INBOX", mails.mails(150, seed=5))
        service.until(lambda: "mailbox stopped" in service.events, "the disk is full")
        assert '"error": "PoolFull"' in service.said
        assert deliver(home, mails.plain("voll", text="Zeile\n" * 20_000)) == 452
        service.until(lambda: "Kein Platz mehr" in error(admin), "the reason is shown")
        assert "Kein Platz mehr" in admin.page("/")
        assert state(admin) == "retrying"
        resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        service.until(lambda: len(known(home, user)) == 151, "all is read now that there is room", 120)
        service.until(lambda: state(admin) == "watching", "all is well")
        assert deliver(home, mails.plain("voll", text="Zeile\n" * 20_000)) == 250
        audit = home.kingpost("mailbox", "audit", user)
        assert audit.code == 0, audit.text
        assert service.stop() == 0


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_full_pool_loses_nothing_and_the_service_goes_on_when_there_is_room(
    home: Home, dovecot: Dovecot, user: str
) -> None:
    keep_password(home, user)
    dovecot.fill(user, "INBOX", mails.mails(150, seed=6))
    home.write(mailbox_table(dovecot, user))
    home.make()
    limit = home.folder / "pages"
    with home.tables() as connection:
        limit.write_text(str((connection.exec_driver_sql("PRAGMA page_count").scalar() or 0) + 3))
    with home.running(module="tests.journeys.small_pool") as service, Visitor(home) as admin:
        service.until(lambda: "Kein Platz mehr" in error(admin), "the reason is shown")
        assert state(admin) == "retrying"
        assert len(known(home, user)) < 150
        limit.unlink()
        service.until(lambda: len(known(home, user)) == 150, "all is read now that there is room", 120)
        service.until(lambda: state(admin) == "watching", "all is well")
    assert home.kingpost("mailbox", "audit", user).code == 0


def test_a_command_that_finds_no_room_says_so_and_can_be_repeated(firm: Home, tmp_path: Path) -> None:
    folder = tmp_path / "alte-mails"
    folder.mkdir()
    for number, raw in enumerate(mails.mails(60, seed=8)):
        (folder / f"{number}.eml").write_bytes(raw)
    full = firm.kingpost("ingest", folder, room=100_000)  # the log of changes is a file of its own
    assert full.code == 1
    assert "Kein Platz mehr" in full.err
    assert "Nichts ist verloren" in full.err
    done = firm.kingpost("ingest", folder)
    assert done.code == 0, done.text
    again = firm.kingpost("ingest", folder)
    assert "0 neu" in again.out


def state(visitor: Visitor) -> str:
    """How the one account is doing."""
    return health(visitor)["state"]


def error(visitor: Visitor) -> str:
    """What is said of the one account."""
    return health(visitor)["error"]


def health(visitor: Visitor) -> dict[str, str]:
    """What the API says of the one account's health."""
    (account,) = (one for one in visitor.api("/mailboxes") if one["kind"] == "imap")
    return account["health"] or {"state": "", "error": ""}


def deliver(home: Home, raw: bytes) -> int:
    """Send a mail to the door; the code of its answer."""
    with smtplib.SMTP("127.0.0.1", home.smtp_port, timeout=30) as door:
        door.ehlo()
        door.mail("mx@muster.example")
        door.rcpt("journal@muster.example")
        return door.data(raw)[0]
