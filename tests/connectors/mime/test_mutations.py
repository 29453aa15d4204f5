"""Whatever is done to a mail, it is read or refused, in time; it is never lost and never an exception."""

import os
import time
from itertools import islice
from pathlib import Path

import pytest

from connectors import mime
from rules import reading
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm
from tests.connectors.mime.mutations import mutated

OURS = sorted((Path(__file__).parents[2] / "mail").rglob("*.eml"))
FIRM = Firm(domains=frozenset({"firma.example"}))
DEADLINE = 5
ENOUGH = 10_000


def survived(originals: list[bytes], seed: int, seconds: float) -> int:
    """How many spoilt mails were read in so many seconds, at most ENOUGH."""
    count, end = 0, time.monotonic() + seconds
    for raw in islice(mutated(originals, seed), ENOUGH):
        start = time.process_time()
        try:
            parsed = mime.read(raw)
        except MailRefused:
            pass
        else:
            message, found = parsed.message, reading.read(parsed.message, FIRM)
            assert message.identity
            assert message.size == len(raw)
            for text in (message.text, message.subject, message.sender.name, message.report, found.new_text):
                text.encode("utf-8")
            if parsed.html:
                mime.safe_html(parsed.html)
        assert time.process_time() - start < DEADLINE
        count += 1
        if time.monotonic() > end:
            break
    return count


def test_our_own_mails_spoilt() -> None:
    assert survived([path.read_bytes() for path in OURS], 20250602, 8) >= 1000


@pytest.mark.corpus
def test_the_mails_of_the_corpus_spoilt() -> None:
    folder = os.environ.get("KINGPOST_CORPUS")
    if not folder:
        pytest.skip("KINGPOST_CORPUS names no folder of test mails")
    files = [
        path for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.suffix not in (".py", ".jsonl")
    ]
    originals = [path.read_bytes() for path in files]
    assert survived([raw for raw in originals if len(raw) < 200_000], 20250603, 60) >= 2000
