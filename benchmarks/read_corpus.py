"""Read a folder of test mails and score what was read: from, subject, date, text, attachments, new text, forwards.

KINGPOST_CORPUS=/path/to/corpus python benchmarks/read_corpus.py [RESULTS.jsonl] [options of score_mail.py]

The folder holds expected.jsonl and score_mail.py. Bodies without headers ("text", "html") get a minimal header here.
"""

import json
import os
import subprocess
import sys
import tempfile
from email.header import Header
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.reader import ReadMail, read_here
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm


def wrapped(body: bytes, kind: str, subject: str | None) -> bytes:
    """A mail around a body that comes without one."""
    header = [
        "From: sender@example.org",
        "To: office@example.com",
        "Date: Mon, 2 Jun 2025 10:00:00 +0200",
        f"Subject: {Header(subject or '', 'utf-8').encode()}",
        "MIME-Version: 1.0",
        f"Content-Type: text/{'html' if kind == 'html' else 'plain'}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return "\n".join(header).encode() + b"\n\n" + body


def line(file: str, mail: ReadMail) -> dict[str, Any]:
    """What score_mail.py wants to know of one mail."""
    message, reading = mail.message, mail.reading
    original = reading.original_sender
    return {
        "file": file,
        "ok": True,
        "from_addr": message.sender.addr,
        "from_name": message.sender.name,
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "text": message.text,
        "new_text": reading.new_text,
        "original_sender": {"addr": original.addr, "name": original.name} if original else None,
        "fwd_subject": reading.fwd_subject,
        "fwd_text": reading.fwd_text,
        "attachments": [attachment.name for attachment in message.attachments],
        "kind": reading.kind,
        "language": reading.language,
        "defects": list(message.defects),
    }


def results(corpus: Path) -> list[dict[str, Any]]:
    """One line for every mail of the corpus."""
    lines = []
    for text in (corpus / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        expected = json.loads(text)
        raw = (corpus / expected["file"]).read_bytes()
        if expected["input"] != "rfc822":
            raw = wrapped(raw, expected["input"], expected.get("subject_in"))
        try:
            lines.append(line(expected["file"], read_here(raw, Firm())))
        except MailRefused as error:
            lines.append({"file": expected["file"], "ok": False, "error": str(error)})
    return lines


def main() -> int:
    """Write the result lines and let score_mail.py print the figures."""
    corpus = Path(os.environ["KINGPOST_CORPUS"])
    arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        kept = arguments and not arguments[0].startswith("-")
        target = Path(arguments.pop(0)) if kept else Path(folder) / "results.jsonl"
        lines = results(corpus)
        target.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in lines), encoding="utf-8")
        command = [sys.executable, str(corpus / "score_mail.py"), str(corpus), str(target), *arguments]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
