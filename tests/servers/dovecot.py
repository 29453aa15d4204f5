r"""A private Dovecot for tests: own configuration, own ports on loopback, own certificate authority.

    with Dovecot(tmp_path) as server:
        server.append("info", "INBOX", b"From: …", ["\\Seen"])

Any user name logs in with `server.password`; mailboxes come into being on first use. Works as root and as anybody.
"""

import contextlib
import datetime
import getpass
import grp
import imaplib
import ipaddress
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def missing() -> str:
    """Why Dovecot cannot be used here; "" when it can. A reason for pytest.mark.skipif."""
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    if shutil.which("dovecot") and shutil.which("doveadm"):
        return ""
    return "Dovecot is not installed (Debian: apt-get install dovecot-imapd dovecot-lmtpd)"


class Dovecot:
    """A Dovecot of one's own. `host` is "localhost", the name in its certificate."""

    host = "localhost"
    password = "geheim-9"

    def __init__(self, folder: Path, *, settings: str = "", certify: Callable[[Path], None] | None = None) -> None:
        self.folder = folder / "dovecot"
        self.settings = settings
        self._certify = certify or certificates
        self.port, self.tls_port, self.lmtp_port = free_ports(3)
        # Unix sockets have short names, pytest's folders long ones; and pytest closes its folders to the mail user
        # whenever another pytest starts.
        self._data = Path(tempfile.gettempdir()) / f"kp-dovecot-{os.getpid()}-{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ca_file(self) -> Path:
        """The authority's certificate."""
        return self.folder / "ssl" / "ca.pem"

    @property
    def log(self) -> str:
        """What Dovecot wrote so far."""
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self) -> Self:
        self._prepare()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)

    def start(self) -> None:
        """Start, or start again after `stop`, and wait until it answers."""
        with (self.folder / "stderr").open("ab") as errors:
            self._process = subprocess.Popen(
                ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        until = time.monotonic() + 15
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 5) as sock:
                sock.settimeout(5)
                if sock.recv(4).startswith(b"* OK"):
                    return
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"Dovecot does not start: {self.log}{(self.folder / 'stderr').read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server and everything it started."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        # Sessions outlive the master as long as their clients stay.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)

    def kick(self, user: str) -> None:
        """Throw a user's connections out."""
        self.doveadm("kick", user)

    def doveadm(self, *words: str) -> str:
        """Run doveadm on this server."""
        command = ["doveadm", "-c", str(self.folder / "dovecot.conf"), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout

    def client(self, user: str) -> "Client":
        """A second mail program, logged in, which may change things."""
        return Client(self.host, self.port, user, self.password)

    def append(self, user: str, folder: str, raw: bytes, flags: Iterable[str] = ()) -> None:
        """Put a mail into a folder, which is made where it is not there."""
        self.fill(user, folder, [raw], flags)

    def fill(self, user: str, folder: str, raws: Iterable[bytes], flags: Iterable[str] = ()) -> None:
        """Put many mails into a folder over one connection."""
        with self.client(user) as client:
            if folder.upper() != "INBOX":
                client.create(folder)
            for raw in raws:
                client.append(folder, f"({' '.join(flags)})", "", raw)

    def deliver(self, user: str, raw: bytes) -> None:
        """Deliver a mail over LMTP, as the firm's mail server would."""
        with smtplib.LMTP(self.host, self.lmtp_port) as lmtp:
            lmtp.sendmail("sender@example.org", [user], raw)

    def _prepare(self) -> None:
        root = os.geteuid() == 0
        mail = "mail" if root else getpass.getuser()
        group = grp.getgrgid(pwd.getpwnam(mail).pw_gid).gr_name
        (self.folder / "ssl").mkdir(parents=True)
        self._data.mkdir()
        self._data.chmod(0o755)
        for name in ("mail", "home"):
            (self._data / name).mkdir()
            if root:
                shutil.chown(self._data / name, mail, group)
        self._certify(self.folder / "ssl")
        self.folder.joinpath("dovecot.conf").write_text(
            _CONFIG.format(
                folder=self.folder,
                data=self._data,
                port=self.port,
                tls_port=self.tls_port,
                lmtp_port=self.lmtp_port,
                mail=mail,
                group=group,
                password=self.password,
                internal="dovecot" if root else mail,
                login="dovenull" if root else mail,
                internal_group="dovecot" if root else group,
                ordinary="" if root else _ORDINARY.format(user=mail),
                settings=self.settings,
            )
        )


class Client(imaplib.IMAP4):
    """A mail program of somebody else."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        super().__init__(host, port, 30)
        self.login(user, password)

    def open_mail(self, uid: int) -> None:
        r"""Open a mail as mail programs do, which sets `\Seen`."""
        self.uid("FETCH", str(uid), "(BODY[])")

    def flags(self, folder: str) -> list[bytes]:
        """UIDs and flags of all mails in a folder, without changing anything."""
        self.select(folder, readonly=True)
        found = self.uid("FETCH", "1:*", "(UID FLAGS)")[1]
        self.unselect()
        return [line for line in found if isinstance(line, bytes)]


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses right now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in sockets]


def certificates(folder: Path, *, host: str = "localhost", days: int = 30, self_signed: bool = False) -> None:
    """An authority and a leaf for `host`, strict enough for Python 3.13; or a leaf that signs itself.

    Both begin 60 days ago; the leaf ends in so many `days`.
    """
    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kingpost test authority")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    if self_signed:
        ca_key, ca_name = key, name

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey, ends: int) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=ends))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        )

    def usage(*, authority: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=not authority,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=authority,
            crl_sign=authority,
            encipher_only=False,
            decipher_only=False,
        )

    ca = (
        builder(ca_name, ca_key.public_key(), 30)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage(authority=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    leaf = (
        builder(name, key.public_key(), days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes((leaf if self_signed else ca).public_bytes(pem))
    chain = [leaf] if self_signed else [leaf, ca]
    (folder / "cert.pem").write_bytes(b"".join(one.public_bytes(pem) for one in chain))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


_CONFIG = """
base_dir = {data}/run
state_dir = {data}/run/state
instance_name = kingpost-test-{port}
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
first_valid_uid = 1
mail_location = maildir:{data}/mail/%u
mail_uid = {mail}
mail_gid = {group}
ssl = yes
ssl_cert = <{folder}/ssl/cert.pem
ssl_key = <{folder}/ssl/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_username_chars =
mail_max_userip_connections = 1000
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={group} home={data}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
  mailbox Trash {{
    special_use = \\Trash
  }}
  mailbox Gesendet {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
  service_count = 0
  client_limit = 1000
  process_min_avail = 1
}}
service imap {{
  process_limit = 1024
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service stats {{
  client_limit = 4096
}}
service auth {{
  client_limit = 4096
}}
# No longer and longer waits after wrong passwords.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{ordinary}
{settings}
"""

_ORDINARY = """
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
service lmtp {{
  user = {user}
}}
"""


def main() -> None:
    """Run a Dovecot by hand: `python -m tests.servers.dovecot FOLDER`, ended by Enter."""
    with Dovecot(Path(sys.argv[1])) as server:
        print(f"imap://user:{server.password}@{server.host}:{server.port}")
        input()


if __name__ == "__main__":
    main()
