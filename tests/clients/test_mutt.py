"""mutt's display_filter: two lines above the mail, the mail itself as it was, and silence when something is wrong."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.clients.mutt import display_filter
from tests.assistant.web import sample
from tests.assistant.web.browsing import Site, served
from tests.journeys.running import ROOT, until

SCRIPT = Path(display_filter.__file__)
MAIL = (
    b"From: Karin <karin@hansen.example>\nMessage-ID: <a@b.example>\nSubject: Gru\xdf\n\nZeile\r\n\x1b[1mfett\x00\xff\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("mutt")) as running:
        yield running


@pytest.fixture(scope="module")
def access(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Anna's client.json."""
    file = tmp_path_factory.mktemp("anna") / "client.json"
    token = site.firm.services.access.new_token("anna", "mutt", {"read"})
    file.write_text(json.dumps({"url": site.base, "token": token}))
    file.chmod(0o600)
    return file


def letter(name: str) -> bytes:
    """A mail of the sample firm, as mutt displays it."""
    [found] = [each for each in sample.LETTERS if each.name == name]
    return sample.written(found, datetime.now(UTC))


def filtered(mail: bytes, *words: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """What the filter makes of a mail, as a script without Kingpost around it."""
    settings = {"LANG": "de_DE.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "200", "HOME": "/nowhere"} | env
    command = [sys.executable, "-IS", "-Xutf8", str(SCRIPT), *words]
    return subprocess.run(command, input=mail, env=settings, capture_output=True, timeout=30, check=False)


def above(mail: bytes, **env: str) -> str:
    """The lines above a mail, which itself must have come through as it was."""
    done = filtered(mail, **env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(mail)
    return done.stdout.removesuffix(mail).decode()


def told(mail: bytes, **env: str) -> str:
    """The same where there must be lines: on a busy machine the filter gives up now and then, as it should."""
    return next(filter(None, (above(mail, **env) for _ in range(20))), "")


@contextmanager
def answering(answer: bytes, *, hang: bool = False, drip: bool = False) -> Iterator[str]:
    """A service that answers every question so; its address comes back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(5)
                    try:
                        connection.recv(65_536)
                        for piece in (answer[at : at + 1] for at in range(len(answer))) if drip else (answer,):
                            connection.sendall(piece)
                            stop.wait(0.05 if drip else 0)
                        if hang:
                            stop.wait(5)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            stop.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def summary(**changed: Any) -> dict[str, Any]:
    """A Summary as the service sends it."""
    nothing: dict[str, Any] = dict.fromkeys(("customer", "contact", "match", "trust", "complaint", "money", "value"))
    return {"status": "known", "message": None, "cases": [], "recent": [], **nothing, **changed}


def http(body: object) -> bytes:
    text = json.dumps(body).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)


def test_a_customers_mail_has_two_lines_above_it(access: Path) -> None:
    first, second = told(letter("known"), KINGPOST_CLIENT=str(access)).splitlines()
    assert first.startswith("Kingpost: ♔ Hansen Metallbau GmbH · Karin Hansen, Einkauf · sicher")
    assert second.startswith(" " * 10)
    assert "Anruf, meyer: Maße der Konsolen geklärt" in second


@pytest.mark.parametrize(
    ("name", "begins"),
    [("unknown", "Kingpost: "), ("doubtful", "Kingpost: "), ("forged", "Kingpost: !! ")],
)
def test_other_senders_get_no_customers_treatment(access: Path, name: str, begins: str) -> None:
    said = told(letter(name), KINGPOST_CLIENT=str(access))
    assert said.startswith(begins)
    assert "Anruf, meyer" not in said
    assert "♔" not in said


def test_a_mail_that_is_not_in_the_pool_is_said_to_be_pending(access: Path) -> None:
    assert told(MAIL, KINGPOST_CLIENT=str(access)).count("\n") == 1


def test_without_the_service_the_mail_stands_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert above(MAIL, KINGPOST_URL=f"http://127.0.0.1:{port}", KINGPOST_TOKEN="kp_x") == ""


def test_without_a_token_or_a_message_id_nobody_is_asked() -> None:
    assert above(MAIL) == ""
    with answering(http(summary())) as url:
        assert above(b"From: x\n\nhello", KINGPOST_URL=url, KINGPOST_TOKEN="kp_x") == ""


def test_a_file_that_others_may_read_is_not_used(access: Path, tmp_path: Path) -> None:
    loose = tmp_path / "client.json"
    loose.write_bytes(access.read_bytes())
    loose.chmod(0o640)
    assert above(letter("known"), KINGPOST_CLIENT=str(loose)) == ""
    told = filtered(letter("known"), "--full", KINGPOST_CLIENT=str(loose))
    assert told.returncode == 1
    assert b"chmod 600" in told.stderr


def test_in_full_it_says_that_nobody_set_up_a_token(tmp_path: Path) -> None:
    missing = tmp_path / "client.json"
    told = filtered(letter("known"), "--full", KINGPOST_CLIENT=str(missing))
    assert (told.returncode, told.stdout) == (1, b"")
    assert told.stderr.decode() == f"kingpost: there is no {missing} with Kingpost's address and a token\n"


def test_a_token_does_not_travel_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was sent"))
    with pytest.raises(display_filter.Silent, match="in clear"):
        display_filter.post("http://kingpost.muster.example", "kp_x", None, {}, "application/json", 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 401 Unauthorized\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\n\r\n\xff\xfe",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 10_000_000,
        http([]),
        http({"customer": 7}),
        http(summary(customer={"name": 5, "king": False})),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_an_odd_answer_is_no_answer(answer: bytes) -> None:
    with answering(answer) as url:
        assert above(MAIL, KINGPOST_URL=url, KINGPOST_TOKEN="kp_x") == ""


@pytest.mark.parametrize("how", [{"hang": True}, {"drip": True}], ids=["hangs", "drips"])
def test_a_slow_service_does_not_hold_the_pager_up(how: dict[str, bool]) -> None:
    bare = min(_seconds(lambda: filtered(MAIL)) for _ in range(3))
    with answering(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100, **how) as url:
        slow = min(_seconds(lambda: above(MAIL, KINGPOST_URL=url, KINGPOST_TOKEN="kp_x")) for _ in range(3))
    assert slow - bare < 0.3


def test_nothing_of_a_mail_reaches_the_terminal_as_a_command() -> None:
    name = "Böse\x1b[2J\x9b1m\r\n\u202eFirma\x07\u2028"
    match = {"sentence": "sicher\x1b]0;x\x07", "candidates": []}
    body = summary(customer={"name": name, "king": True}, match=match, recent=[{"text": "a\nb\x00c"}])
    with answering(http(body)) as url:
        said = told(MAIL, KINGPOST_URL=url, KINGPOST_TOKEN="kp_x")
    assert said == "Kingpost: ♔ Böse [2J 1m Firma · sicher ]0;x\n          a b c\n"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    ),
    st.text(),
    st.integers(0, 500),
)
def test_whatever_the_summary_holds_there_are_two_printable_lines_at_most(odd: Any, name: str, width: int) -> None:
    body = summary(customer={"name": name, "king": True}, complaint={"text": name}, recent=[{"text": name}] * 3)
    lines = display_filter.above(body, width).splitlines()
    assert len(lines) <= 2
    assert all(line.isprintable() and len(line) < max(width, 40) for line in lines)
    try:
        said = display_filter.above(summary(cases=odd, match=odd), width)
    except (TypeError, KeyError, AttributeError):
        return
    assert len(said.splitlines()) <= 2


@given(st.binary(max_size=2_000))
def test_every_head_is_asked_about_or_left_alone(head: bytes) -> None:
    try:
        question = display_filter.question_of(head)
    except display_filter.Silent:
        return
    assert 1 <= len(question["message_id"]) <= 2_000


def test_a_header_without_end_costs_little() -> None:
    long = b"a\n" * 100_000
    began = time.process_time()
    with pytest.raises(display_filter.Silent):
        display_filter.question_of(long[: display_filter.HEAD])
    assert time.process_time() - began < 0.5
    assert above(long) == ""


def test_in_full_it_is_the_whole_summary_without_the_mail(access: Path) -> None:
    done = filtered(letter("known"), "--full", KINGPOST_CLIENT=str(access))
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Hansen Metallbau GmbH" in text
    assert "Maße der Konsolen geklärt" in text
    assert "Können Sie die Konsolen" not in text


def test_kingpost_show_is_the_same_filter_and_loads_nothing_else(access: Path) -> None:
    program = "import sys; sys.argv[1:] = ['show', '-']\ntry:\n import assistant.__main__ as m; m.main()\n" + (
        "finally:\n print(*sorted(sys.modules), file=sys.stderr)"
    )
    env = os.environ | {"KINGPOST_CLIENT": str(access), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
    mail = letter("known")
    command = [sys.executable, "-c", program]
    runs = (subprocess.run(command, input=mail, env=env, capture_output=True, check=False) for _ in range(20))
    done = next(run for run in runs if run.stdout != mail)
    assert done.stdout.startswith("Kingpost: ♔ Hansen".encode())
    assert done.stdout.endswith(mail)
    assert not {"typer", "pydantic", "sqlalchemy", "asyncio", "http.client"} & set(done.stderr.decode().split())


def _seconds(action: Callable[[], object]) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


# -- the real program


@pytest.mark.clients
def test_in_neomutt_the_summary_stands_above_the_mail(access: Path, tmp_path: Path) -> None:
    for program in ("neomutt", "tmux"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt-get install neomutt tmux)")
    box = tmp_path / "mails"
    for part in ("cur", "new", "tmp"):
        (box / part).mkdir(parents=True)
    (box / "new" / "1.a").write_bytes(letter("english"))
    parts = ROOT / "connectors" / "clients" / "mutt" / "kingpost.muttrc"
    command = f"{sys.executable} -IS {SCRIPT}"
    lines = parts.read_text().replace("@COMMAND@", command)
    rc = tmp_path / "muttrc"
    rc.write_text(f'set folder="{tmp_path}" spoolfile="{box}" mbox_type=Maildir\nset charset=utf-8\nignore *\n'
                  f"unignore from subject\n{lines}\n")  # fmt: skip
    plain = tmp_path / "plain"
    plain.write_text(rc.read_text() + "unset display_filter\n")
    without = _pager(plain, tmp_path, access)
    screens = (_pager(rc, tmp_path, access) for _ in range(5))
    with_summary = next(screen for screen in screens if "Kingpost: " in screen)
    shown = with_summary.splitlines()
    at = next(no for no, line in enumerate(shown) if line.startswith("Kingpost: "))
    assert "Northwind Tools Ltd" in shown[at]
    assert "Delivery of order" not in "\n".join(shown[:at])
    for line in ("From: Helen Ward", "Subject: Delivery of order 2026-2188", "when can we expect the second half"):
        assert line in without
        assert line in "\n".join(shown[at:])
    below, alone = (
        [line.rstrip() for line in text.splitlines()] for text in (with_summary.partition("Kingpost: ")[2], without)
    )
    body = alone[alone.index("Hello,") : alone.index("Helen") + 1]
    assert "\n".join(body) in "\n".join(below)


def _pager(rc: Path, folder: Path, access: Path) -> str:
    """What neomutt's pager shows of the first mail."""
    tmux = ["tmux", "-L", f"kp-{rc.name}-{os.getpid()}", "-f", "/dev/null"]
    env = os.environ | {
        "KINGPOST_CLIENT": str(access),
        "HOME": str(folder),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }

    def screen() -> str:
        return subprocess.run([*tmux, "capture-pane", "-p"], env=env, capture_output=True, check=True).stdout.decode()

    start = [*tmux, "new-session", "-d", "-x", "100", "-y", "40", f"neomutt -n -F {rc}"]
    subprocess.run(start, env=env, check=True)
    try:
        until(lambda: "Delivery of" in screen(), f"neomutt lists the mail: {screen()}", 20)
        subprocess.run([*tmux, "send-keys", "Enter"], env=env, check=True)
        until(lambda: "Kind regards" in screen(), f"neomutt shows the mail: {screen()}", 20)
        return screen()
    finally:
        subprocess.run([*tmux, "kill-server"], env=env, check=False)
