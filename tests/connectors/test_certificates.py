"""A renewed certificate is used by the next client; a broken one never takes the place of one that works."""

import smtplib
import socket
import ssl
import threading
from pathlib import Path

import pytest

from connectors.certificates import Certificate
from connectors.smtp import Door
from rules.terms.errors import FileUnreadable
from tests.servers.dovecot import certificates


def files(folder: Path) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    certificates(folder)
    return folder / "cert.pem", folder / "key.pem"


def put(source: Path, target: Path) -> None:
    """As programs that renew certificates do: the new file takes the place of the old one."""
    fresh = target.with_suffix(".new")
    fresh.write_bytes(source.read_bytes())
    fresh.rename(target)


def shown(folder: Path, certificate: Certificate) -> bool:
    """Whether a client that trusts this folder's authority would speak with a server of that certificate."""
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=served, args=(ours, certificate.context))
    server.start()
    try:
        client = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        with client.wrap_socket(theirs, server_hostname="localhost"):
            return True
    except ssl.SSLCertVerificationError:
        return False
    finally:
        theirs.close()
        server.join()


def served(end: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with context.wrap_socket(end, server_side=True):
            pass
    except OSError:
        end.close()


def test_the_next_client_sees_the_renewed_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    certificate = Certificate(*files(old))
    files(new)
    assert shown(old, certificate)
    certificate.renew()
    assert shown(old, certificate)
    for name in ("cert.pem", "key.pem"):
        put(new / name, old / name)
    certificate.renew()
    assert not shown(old, certificate)
    assert shown(new, certificate)


@pytest.mark.parametrize("broken", ["another's key", "rubbish", "gone", "key only"])
def test_what_cannot_be_used_leaves_the_old_one_until_it_is_mended(tmp_path: Path, broken: str) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    certificate = Certificate(*files(old))
    files(new)
    if broken == "another's key":
        put(new / "cert.pem", old / "cert.pem")
    elif broken == "rubbish":
        (old / "cert.pem").write_text("nothing")
    elif broken == "gone":
        (old / "cert.pem").unlink()
    else:
        (old / "cert.pem").write_bytes((old / "key.pem").read_bytes())
    certificate.renew()
    assert shown(old, certificate)
    for name in ("cert.pem", "key.pem"):
        put(new / name, old / name)
    certificate.renew()
    assert shown(new, certificate)


def test_one_that_never_worked_is_refused_at_once(tmp_path: Path) -> None:
    chain, _ = files(tmp_path / "one")
    _, key = files(tmp_path / "other")
    with pytest.raises(FileUnreadable):
        Certificate(chain, key)
    with pytest.raises(FileUnreadable):
        Certificate(tmp_path / "nothing.pem", key)


def test_the_open_door_shows_the_renewed_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    certificate = Certificate(*files(old))
    files(new)
    door = Door(bind="127.0.0.1:0", recipients={}, deliver=lambda mail: None, certificate=certificate)
    door.start()
    try:
        for folder in (old, new):
            context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
            with smtplib.SMTP("localhost", door.address[1]) as client:
                client.starttls(context=context)
                client.ehlo()
            if folder is old:
                context = ssl.create_default_context(cafile=str(old / "ca.pem"))
                for name in ("cert.pem", "key.pem"):
                    put(new / name, old / name)
                certificate.renew()
    finally:
        door.stop()
