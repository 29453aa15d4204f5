"""`kingpost demo`: the sample firm, its live mailboxes and the pages in one go; nothing of it is kept."""

import secrets
import tempfile
import threading
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from litestar import Router

from assistant import importing, logs, service, valuing
from assistant.access import Access
from assistant.bootstrap import Services, opened_pool
from assistant.cli import console
from assistant.demo import firm, reader, server
from assistant.demo.people import FREEMAIL
from assistant.settings import FirmSettings, MailboxSettings, PoolSettings, Settings, WebSettings, forget_environment
from rules.terms.mail import Tls
from rules.terms.staff import Role, Staff

LOGIN = "sabine"
PASSWORD_FILE = "mail-password"  # noqa: S105 — the name of a file
MAILBOX = "office"
OWNERS = {"office": ("sabine", "Sabine Petersen", Role.ADMIN), "sales": ("marco", "Marco Wendt", Role.STAFF)}
ARRIVAL_SECONDS = 45.0


def run(port: int, imap_port: int, language: str) -> None:
    """Show the demo until Ctrl-C.

    Raises:
        KingpostError: a port is taken, or no mail server is installed.
    """
    forget_environment()
    logs.set_up(level=30)
    now = datetime.now(UTC)
    with ExitStack() as stack:
        home = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="kingpost-demo-", ignore_cleanup_errors=True))
        )
        # Two: any mail client is told the mailboxes', and pymap shows it to whoever lists processes.
        password, mail_password = secrets.token_urlsafe(9), secrets.token_urlsafe(9)
        server.write_private(home / PASSWORD_FILE, mail_password)
        (mail_home := home / "mail").mkdir()
        home.chmod(0o711)
        accounts = stack.enter_context(server.mail_server(mail_home, list(OWNERS), mail_password, imap_port))
        _fill(accounts, now)
        settings = _settings(home, port, accounts, language)
        _make_pool(settings, password, now)
        key = secrets.token_urlsafe(24)
        mail_reader = reader.MailReader(accounts[MAILBOX])
        stack.callback(mail_reader.close)
        ended = threading.Event()
        stack.callback(ended.set)

        def pages(services: Services) -> list[Router]:
            return [reader.pages(services, mail_reader, LOGIN, password, key)]

        def ready(url: str) -> None:
            _tell(url, key, password, accounts)
            threading.Thread(target=_arrivals, args=(accounts, now, ended), daemon=True).start()

        service.run(settings, ready, pages)


def _fill(accounts: dict[str, server.Account], now: datetime) -> None:
    mails = firm.mails(now)
    with console.progress(de="Postfächer der Beispielfirma", en="The sample firm's mailboxes") as bar:
        server.fill(accounts, mails, lambda done: bar.at(done, len(mails)))


def _settings(home: Path, port: int, accounts: dict[str, server.Account], language: str) -> Settings:
    sample = firm.FIRM
    return Settings(
        home=home,
        firm=FirmSettings(
            name=sample.name,
            domains=sample.domains,
            authserv_id=sample.authserv_id,
            phone=sample.phone,
            vat_id=sample.vat_id,
            city=sample.city,
            web_form_senders=sample.web_form_senders,
            fax_gateways=sample.fax_gateways,
            freemail=tuple(domain.lstrip("@") for domain in FREEMAIL),
            language="de" if language == "de" else "en",
        ),
        pool=PoolSettings(url="sqlite:///pool.sqlite", blobs="blobs", key_file="secrets.key"),
        web=WebSettings(bind=f"127.0.0.1:{port or server.free_port()}"),
        mailbox=tuple(
            MailboxSettings(
                name=name,
                host=server.HOST,
                port=account.port,
                tls=Tls.NONE,
                user=account.user,
                password_file=PASSWORD_FILE,
                owner=OWNERS[name][0],
                follow=True,
            )
            for name, account in accounts.items()
        ),
    )


def _make_pool(settings: Settings, password: str, now: datetime) -> None:
    """The firm's records and its people. The mail is read from the mailboxes like any firm's."""
    with opened_pool(settings, create=True) as pool:
        access = Access(pool)
        for login, name, role in OWNERS.values():
            access.add(Staff(login, name, role), password)
        for kind, text in firm.tables(now).items():
            file = settings.path(f"{kind}.csv")
            file.write_text(text, encoding="utf-8")
            importing.import_file(pool, settings.as_firm(), ZoneInfo(settings.firm.time_zone), kind, file)
        with pool.begin() as work:
            for one in firm.particulars(now):
                work.particulars.add(one.customer_id, one.text, one.until, one.author, now.date())
        valuing.refresh(pool, settings, now)


def _tell(url: str, key: str, password: str, accounts: dict[str, server.Account]) -> None:
    enter = f"{url}/demo/enter?key={key}"
    console.say(
        de=f"\nKingpost läuft. Bitte im Browser öffnen:\n\n    {enter}\n",
        en=f"\nKingpost is running. Open it in your browser:\n\n    {enter}\n",
    )
    console.say(
        de="Dieselben Postfächer im Mailprogramm Ihrer Wahl (IMAP, ohne Verschlüsselung, nur auf diesem Rechner):",
        en="The same mailboxes in any mail client (IMAP, without encryption, on this machine only):",
    )
    for account in accounts.values():
        print(f"    127.0.0.1:{account.port}   {account.user} / {account.password}")
    logins = [login for login, _, _ in OWNERS.values()]
    console.say(
        de=f"Anmelden an den Seiten: {' oder '.join(logins)}, Passwort {password}\n"
        "Ende mit Strg-C; nichts bleibt zurück.",
        en=f"Log in to the pages as {' or '.join(logins)}, password {password}\nEnd with Ctrl-C; nothing is kept.",
    )


def _arrivals(accounts: dict[str, server.Account], now: datetime, ended: threading.Event) -> None:
    """New mail comes in now and then while somebody looks."""
    for mail in firm.arrivals(now):
        if ended.wait(ARRIVAL_SECONDS):
            return
        with suppress(OSError):
            server.fill(accounts, [mail], lambda done: None)
