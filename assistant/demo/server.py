"""The demo's live mailboxes: a real IMAP server on this machine, Dovecot where it is installed, pymap otherwise."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

from imapclient import IMAPClient

from assistant.demo.firm import DemoMail
from rules.terms.errors import WrongUse

HOST = "127.0.0.1"
PATIENCE = 20.0
APPENDED = 50


@dataclass(frozen=True, slots=True)
class Account:
    """Where a demo mailbox can be reached by any mail client on this machine, without encryption."""

    mailbox: str
    port: int
    user: str
    password: str

    def log_in(self) -> IMAPClient:
        """A client connection, logged in; the caller logs out."""
        client = IMAPClient(HOST, port=self.port, ssl=False, timeout=PATIENCE)
        client.login(self.user, self.password)
        return client


@contextmanager
def mail_server(folder: Path, mailboxes: Sequence[str], password: str, port: int = 0) -> Iterator[dict[str, Account]]:
    """Run a server with an empty account for each mailbox; everything ends with the context.

    Raises:
        WrongUse: neither server is installed.
    """
    with ExitStack() as stack:
        if shutil.which("dovecot"):
            port = port or free_port()
            stack.enter_context(_dovecot(folder, port, password))
            yield {name: Account(name, port, name, password) for name in mailboxes}
        elif shutil.which("pymap", path=_path()):
            accounts = {}
            for number, name in enumerate(mailboxes):
                own = port + number if port else free_port()
                stack.enter_context(_pymap(own, name, password))
                accounts[name] = Account(name, own, name, password)
            yield accounts
        else:
            raise WrongUse(
                problem="The demo needs a mail server: pip install 'kingpost[demo]', or install Dovecot.",
                problem_de="Die Demo braucht einen Mailserver: pip install 'kingpost[demo]', oder Dovecot.",
            )


def fill(accounts: dict[str, Account], mails: Iterable[DemoMail], told: Callable[[int], None]) -> None:
    """Put mails into the accounts; `told` hears how many there are by now."""
    count = 0
    by_place = sorted(mails, key=lambda mail: (mail.mailbox, mail.folder))
    for mailbox, own in groupby(by_place, key=lambda mail: mail.mailbox):
        client = accounts[mailbox].log_in()
        try:
            for folder, lying in groupby(own, key=lambda mail: mail.folder):
                if not client.folder_exists(folder):
                    client.create_folder(folder)
                for some in _some(lying):
                    client.multiappend(folder, some)
                    told(count := count + len(some))
        finally:
            client.logout()


def _some(mails: Iterable[DemoMail]) -> Iterator[list[dict[str, object]]]:
    """A few at a time, as RFC 3502 takes them: one mail an APPEND waits for the disk each time."""
    left = iter(mails)
    while some := list(islice(left, APPENDED)):
        # All unread: a server announces only the first opening, and every mail of a demo wants to be tried.
        yield [{"msg": mail.raw, "flags": sorted(mail.flags - {"\\Seen"}), "date": mail.date} for mail in some]


@contextmanager
def _pymap(port: int, user: str, password: str) -> Iterator[None]:
    program = shutil.which("pymap", path=_path()) or "pymap"
    account = ["--demo-user", user, "--demo-password", password]
    served = ["--host", HOST, "--port", str(port), "--no-tls", "--no-service", "admin", "--no-service", "managesieve"]
    with _running([program, *served, "dict", *account], port):
        yield


DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/run/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {inner}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:{folder}/mail/%u
mail_uid = {mail}
mail_gid = {mail_group}
ssl = no
disable_plaintext_auth = no
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""


@contextmanager
def _dovecot(folder: Path, port: int, password: str) -> Iterator[None]:
    import grp

    folder.chmod(0o755)
    mine, my_group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
    root = os.geteuid() == 0
    for name in ("mail", "home"):
        (folder / name).mkdir()
        if root:
            shutil.chown(folder / name, "mail", "mail")
    config = folder / "dovecot.conf"
    write_private(
        config,
        DOVECOT.format(
            folder=folder,
            port=port,
            password=password,
            inner="dovecot" if root else mine,
            login="dovenull" if root else mine,
            group="dovecot" if root else my_group,
            mail="mail" if root else mine,
            mail_group="mail" if root else my_group,
            chroot="" if root else "chroot =",
        ),
    )
    with _running([shutil.which("dovecot") or "dovecot", "-F", "-c", str(config)], port):
        yield


def write_private(file: Path, text: str) -> None:
    """Write a new file that is its owner's alone."""
    file.touch(mode=0o600)
    file.write_text(text)


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """A server process, from when its port answers until it has ended."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 — our words
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                program = Path(command[0]).name
                raise WrongUse(
                    problem=f"The demo's mail server did not start ({program}).",
                    problem_de=f"Der Mailserver der Demo ist nicht gestartet ({program}).",
                )
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _path() -> str:
    """Where programs of this Python environment lie, whether or not it is activated."""
    return os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
