"""A private Postfix for tests: own configuration, queue and port, in front of Kingpost's door.

    with Postfix(main="always_bcc = a@kingpost.test", transport={"kingpost.test": "smtp:[127.0.0.1]:8471"}) as server:
        server.send(b"From: …", "kunde@example.org", ["info@muster.example"])

Its master wants to be root; nothing of the machine's own configuration is touched.
"""

import contextlib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from tests.servers.dovecot import free_ports

NOTHING: Mapping[str, str] = MappingProxyType({})


def missing() -> str:
    """Why Postfix cannot be used here; "" when it can."""
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    if os.geteuid() != 0:
        return "Postfix must be started as root"
    return "" if shutil.which("postfix") else "Postfix is not installed (Debian: apt-get install postfix)"


class Postfix:
    """A Postfix of one's own that takes mail for muster.example and puts it into a Maildir.

    Args:
        main: further lines of main.cf.
        transport: destinations with their transport, as in transport(5).
        bcc: recipients with where their copies go, as in recipient_bcc_maps.
    """

    def __init__(
        self, *, main: str = "", transport: Mapping[str, str] = NOTHING, bcc: Mapping[str, str] = NOTHING
    ) -> None:
        self._main = main
        self._maps = {"transport": transport, "bcc": bcc}
        (self.port,) = free_ports(1)
        # Unix sockets have short names, and Postfix's own users must reach the queue.
        self._folder = Path(tempfile.gettempdir()) / f"kp-postfix-{os.getpid()}-{self.port}"

    def __enter__(self) -> Self:
        self._prepare()
        self._run("postfix", "-c", str(self._folder / "etc"), "start")
        until = time.monotonic() + 15
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as sock:
                sock.settimeout(10)
                if sock.recv(4).startswith(b"220"):
                    return self
            assert time.monotonic() < until, f"Postfix does not start: {self.log}"
            time.sleep(0.05)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self.log[-5000:])
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("postfix", "-c", str(self._folder / "etc"), "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def log(self) -> str:
        """What Postfix wrote so far."""
        path = self._folder / "maillog"
        return path.read_text(errors="replace") if path.exists() else ""

    def send(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        """Hand in a mail, as other servers do."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
            client.sendmail(sender, recipients, raw)

    def waiting(self) -> int:
        """How many mails are in the queue; some that are on their way from one part of it to another may be missing."""
        return len(self._run("postqueue", "-c", str(self._folder / "etc"), "-j").splitlines())

    def flush(self) -> None:
        """Try again now what waits."""
        self._run("postqueue", "-c", str(self._folder / "etc"), "-f")

    def delivered(self) -> int:
        """How many mails lie in the Maildirs of its own users."""
        return sum(1 for _ in (self._folder / "mail").glob("**/new/*"))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{command}: {done.stderr}{self.log}"
        return done.stdout

    def _prepare(self) -> None:
        for name in ("etc", "queue", "data", "mail"):
            (self._folder / name).mkdir(parents=True)
        self._folder.chmod(0o755)
        owner = pwd.getpwnam("postfix")
        os.chown(self._folder / "data", owner.pw_uid, owner.pw_gid)
        mail = pwd.getpwnam("mail")
        os.chown(self._folder / "mail", mail.pw_uid, mail.pw_gid)
        etc = self._folder / "etc"
        maps = ""
        for name, option in (("transport", "transport_maps"), ("bcc", "recipient_bcc_maps")):
            (etc / name).write_text("".join(f"{key} {value}\n" for key, value in self._maps[name].items()))
            maps += f"{option} = texthash:{etc / name}\n"
        values = {"folder": self._folder, "uid": mail.pw_uid, "gid": mail.pw_gid, "port": self.port}
        (etc / "main.cf").write_text(_MAIN.format(**values) + maps + self._main + "\n")
        (etc / "master.cf").write_text(_MASTER.format(**values))


_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.muster.example
mydestination =
mynetworks = 127.0.0.0/8
smtp_host_lookup = native
smtp_dns_support_level = disabled
virtual_mailbox_domains = muster.example
virtual_mailbox_maps = regexp:{{ {{ /./ inbox/ }} }}
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
default_destination_concurrency_failed_cohort_limit = 1
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 1 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
tlsmgr    unix  - - n 1000? 1 tlsmgr
showq     unix  n - n - - showq
postlog   unix-dgram n - n - 1 postlogd
"""
