"""The worker processes: order kept, limits held, the guilty mail found, nothing left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from assistant.reader import Reader, ReadMail, read_here
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm
from rules.terms.mail import MailKind

ROOT = Path(__file__).parents[2]
FIRM = Firm(domains=frozenset({"firma.example"}))
# A text that costs the parser minutes: deep nesting within the limits and very many lines of an unusual end.
SLOW = (
    b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(38))
    + b"\n"
    + b"-\r" * 12_000_000
)


def mail(number: int) -> bytes:
    return b"From: a@example.org\nSubject: %d\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n\nGuten Tag\n" % number


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    made = Reader(FIRM, workers=2, deadline=1.5)
    yield made
    made.close()


def subjects(answers: list[ReadMail | MailRefused]) -> list[str]:
    return [answer.message.subject if isinstance(answer, ReadMail) else "refused" for answer in answers]


def test_reading_here_gives_message_reading_and_blobs() -> None:
    answer = read_here(mail(7), FIRM)
    assert answer.message.subject == "7"
    assert answer.reading.kind is MailKind.PERSON
    assert answer.raw.size == len(mail(7))


def test_chunks_come_back_in_order(reader: Reader) -> None:
    chunks = [[mail(10 * chunk + number) for number in range(10)] for chunk in range(6)]
    futures = [reader.submit(chunk) for chunk in chunks]
    answers = [subjects(future.result(60)) for future in futures]
    assert answers == [[str(10 * chunk + number) for number in range(10)] for chunk in range(6)]


HTML = b"From: a@example.org\nContent-Type: text/html\n\n<p onclick=x()>Guten Tag</p><script>x()</script>\n"


def test_html_is_made_harmless_at_arms_length(reader: Reader) -> None:
    shown = reader.display(HTML) or ""
    assert "Guten Tag" in shown
    assert "onclick" not in shown
    assert "script" not in shown
    assert reader.display(mail(1)) is None


def test_html_that_cannot_be_had_within_the_limits_is_refused(reader: Reader) -> None:
    with pytest.raises(MailRefused):
        reader.display(b"Subject: " + b"x" * 600_000)


def test_an_empty_chunk_has_an_empty_answer(reader: Reader) -> None:
    assert reader.submit([]).result(5) == []


def test_a_mail_over_a_limit_is_refused_and_the_others_are_read(reader: Reader) -> None:
    answers = reader.submit([mail(1), b"Subject: " + b"x" * 600_000, mail(3)]).result(60)
    assert subjects(answers) == ["1", "refused", "3"]
    assert "header block" in str(answers[1])


def test_a_mail_over_the_deadline_is_found_and_the_others_are_read(reader: Reader) -> None:
    answers = reader.submit([mail(1), SLOW, mail(3)]).result(60)
    assert subjects(answers) == ["1", "refused", "3"]
    assert "longer than 1.5 seconds" in str(answers[1])
    assert subjects(reader.submit([mail(4)]).result(60)) == ["4"]


def test_a_mail_that_needs_too_much_memory_is_refused() -> None:
    reader = Reader(FIRM, workers=1, deadline=20, memory=400 << 20)
    try:
        lines = b"Content-Type: text/plain\n\n" + b"a\r" * 9_000_000
        answers = reader.submit([mail(1), lines, mail(3)]).result(90)
    finally:
        reader.close()
    assert subjects(answers) == ["1", "refused", "3"]


def test_a_killed_worker_costs_no_mail(reader: Reader) -> None:
    reader.submit([mail(0)]).result(60)
    future = reader.submit([mail(number) for number in range(3)])
    for pid in workers_of(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    assert subjects(future.result(60)) == ["0", "1", "2"]
    assert subjects(reader.submit([mail(9)]).result(60)) == ["9"]


def test_closing_cancels_what_waits_and_leaves_no_process() -> None:
    before = set(workers_of(os.getpid()))
    reader = Reader(FIRM, workers=1, deadline=30)
    reader.submit([mail(1)]).result(60)
    ours = set(workers_of(os.getpid())) - before
    waiting = reader.submit([SLOW])
    reader.close()
    with pytest.raises(CancelledError):
        waiting.result(10)
    with pytest.raises(RuntimeError, match="closed"):
        reader.submit([mail(2)])
    assert ours
    assert not [pid for pid in ours if (Path("/proc") / str(pid)).exists()]


SERVICE = """
import os, socket, sys, time
from assistant.reader import Reader
from rules.terms.firm import Firm

if __name__ == "__main__":
    door = socket.create_server(("127.0.0.1", 0))
    door.set_inheritable(True)
    reader = Reader(Firm(), workers=2)
    reader.submit([b"Subject: x\\n\\nText"]).result(60)
    print(os.fstat(door.fileno()).st_ino, flush=True)
    time.sleep(60)
"""


def test_workers_hold_no_socket_of_the_service_and_end_with_it(tmp_path: Path) -> None:
    script = tmp_path / "service.py"
    script.write_text(SERVICE, encoding="utf-8")
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as service:
        try:
            assert service.stdout is not None
            inode = service.stdout.readline().strip()
            assert eventually(lambda: len(workers_of(service.pid)) == 2)
            workers = workers_of(service.pid)
            assert eventually(lambda: all(ignores_interrupt(pid) for pid in workers))
            for pid in workers:
                os.kill(pid, signal.SIGINT)
                opened = [str(link.readlink()) for link in (Path("/proc") / str(pid) / "fd").iterdir()]
                assert f"socket:[{inode}]" not in opened
            assert workers_of(service.pid) == workers
        finally:
            service.kill()
    assert eventually(lambda: not any(is_running(pid) for pid in workers))


ODD = b"From: a@example.org\nSubject: =?utf-8?b?A?= Geheim\n\nText"
WORKER = """
import logging, multiprocessing, sys, threading
from mailparser.utils import decode_header_part
from assistant import reader_worker
from assistant.reader_worker import Job
from rules.terms.firm import Firm

def odd(raw, firm, assessor):
    logging.getLogger("another.library").warning("odd: %s", raw)
    return decode_header_part(raw.decode().splitlines()[1])

def ask(pipe):
    pipe.recv()
    pipe.send((Job.READ, [sys.argv[1].encode()]))
    print(pipe.recv())
    pipe.close()

reader_worker.read_here = odd
ours, theirs = multiprocessing.Pipe()
threading.Thread(target=ask, args=(ours,)).start()
reader_worker.serve(theirs, Firm(), 5, 1 << 30)
"""


def test_a_worker_writes_nothing_of_an_odd_mail_into_the_log() -> None:
    words = [sys.executable, "-c", WORKER, ODD.decode()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Geheim" in done.stdout
    assert done.stderr == ""


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def ignores_interrupt(pid: int) -> bool:
    status = (Path("/proc") / str(pid) / "status").read_text()
    ignored = int(status.split("SigIgn:")[1].split()[0], 16)
    return bool(ignored & 1 << (signal.SIGINT - 1))


def workers_of(parent: int) -> list[int]:
    """The worker processes of a process, by /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and parent_of(int(entry.name)) == parent:
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"spawn_main" in command:
                found.append(int(entry.name))
    return found


def parent_of(pid: int) -> int | None:
    try:
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None


def is_running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
