"""Odd mails, each with a twin of expected values beside it."""

import json
import random
import time
from pathlib import Path

import pytest

from connectors import mime
from rules.terms.errors import MailRefused

MAILS = sorted((Path(__file__).parents[2] / "mail").glob("*.eml"))
OURS = [path for path in MAILS if path.with_suffix(".json").exists()]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_an_odd_mail_is_read_as_its_twin_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    message = mime.read(path.read_bytes()).message
    seen = {
        "addr": message.sender.addr,
        "name": message.sender.name,
        "subject": message.subject,
        "text": message.text.strip(),
        "date": message.date.isoformat() if message.date else None,
        "attachments": [attachment.name for attachment in message.attachments],
        "defects": list(message.defects),
    }
    assert {key: seen[key] for key in expected} == expected


def test_mutated_mails_are_read_and_never_raise() -> None:
    """A seeded mutator over the odd mails, bounded in time; nothing but a refusal may come out."""
    dice = random.Random(20250602)
    originals = [path.read_bytes() for path in OURS]
    end = time.monotonic() + 6
    for _ in range(4000):
        if time.monotonic() > end:
            break
        raw = _mutated(dice, originals)
        start = time.process_time()
        try:
            parsed = mime.read(raw)
        except MailRefused:
            continue
        parsed.message.text.encode("utf-8")
        parsed.message.subject.encode("utf-8")
        parsed.message.sender.name.encode("utf-8")
        assert time.process_time() - start < 2


def _mutated(dice: random.Random, originals: list[bytes]) -> bytes:
    raw = bytearray(dice.choice(originals))
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(raw) + 1)
        action = dice.randrange(6)
        if action == 0:
            raw[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 6)))
        elif action == 1:
            del raw[at : at + dice.randint(1, 30)]
        elif action == 2 and at < len(raw):
            raw[at] = dice.randrange(256)
        elif action == 3:
            piece = raw[at : at + dice.randint(1, 80)]
            raw[at:at] = piece * dice.randint(1, 20)
        elif action == 4:
            raw[at:at] = dice.choice(
                [b"\r", b"\n", b"\0", b"\r\n\r\n", b'"', b"<", b">", b"=?", b"?=", b"--a\n", b"\xff"]
            )
        else:
            other = dice.choice(originals)
            cut = dice.randrange(len(other) + 1)
            raw[at:] = other[cut:]
    return bytes(raw)
