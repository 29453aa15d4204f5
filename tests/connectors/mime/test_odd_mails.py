"""Odd mails, each with a twin of expected values beside it."""

import json
from pathlib import Path

import pytest

from connectors import mime

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
