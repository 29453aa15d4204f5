"""Read a folder of test mails and score what was read: from, subject, date, text, attachments, new text, forwards.

KINGPOST_CORPUS=/path/to/corpus python benchmarks/read_corpus.py [--part dev|holdout|all] [--results FILE]
                                                                 [options of score_mail.py]

The folder holds expected.jsonl and score_mail.py. Bodies without headers ("text", "html") get a minimal header here.

A third of the files is held back (`holdout`): whoever works on the rules looks at failures of `dev` only and takes
nothing but the figures from the rest. Without --part all three are printed, figures only for the held-back third.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from email.header import Header
from hashlib import sha256
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


def held_back(file: str) -> bool:
    """Whether a file belongs to the third that nobody tunes to."""
    return int(sha256(file.encode()).hexdigest(), 16) % 3 == 0


def chosen(corpus: Path, part: str) -> list[dict[str, Any]]:
    """The expected values of a part of the corpus."""
    lines = (corpus / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    entries: list[dict[str, Any]] = [json.loads(text) for text in lines]
    return [entry for entry in entries if part == "all" or held_back(entry["file"]) == (part == "holdout")]


def results(corpus: Path, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line for every mail."""
    lines = []
    for expected in entries:
        raw = (corpus / expected["file"]).read_bytes()
        if expected["input"] != "rfc822":
            raw = wrapped(raw, expected["input"], expected.get("subject_in"))
        try:
            lines.append(line(expected["file"], read_here(raw, Firm())))
        except MailRefused as error:
            lines.append({"file": expected["file"], "ok": False, "error": str(error)})
    return lines


def scored(corpus: Path, part: str, target: Path, lines: list[dict[str, Any]], arguments: list[str]) -> int:
    """Let score_mail.py print the figures of one part; what is held back shows no failures."""
    entries = chosen(corpus, part)
    names = {entry["file"] for entry in entries}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "expected.jsonl").write_text(_jsonl(entries), encoding="utf-8")
        target.write_text(_jsonl([entry for entry in lines if entry["file"] in names]), encoding="utf-8")
        shown = ["--failures", "0"] if part == "holdout" else []
        print(f"== {part}: {len(entries)} mails", flush=True)
        command = [sys.executable, str(corpus / "score_mail.py"), folder, str(target), *arguments, *shown]
        return subprocess.run(command, check=False).returncode


def _jsonl(entries: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)


def main() -> int:
    """Write the result lines and let score_mail.py print the figures."""
    parser = ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--results", type=Path, help="keep the result lines of all parts read in this file")
    parser.add_argument("--part", choices=("dev", "holdout", "all"), help="only this part")
    ours, arguments = parser.parse_known_args()
    corpus = Path(os.environ.get("KINGPOST_CORPUS", ""))
    if not (corpus / "expected.jsonl").is_file():
        parser.error("KINGPOST_CORPUS has to name the folder with expected.jsonl and score_mail.py")
    lines = results(corpus, chosen(corpus, ours.part or "all"))
    with tempfile.TemporaryDirectory() as folder:
        codes = [
            scored(corpus, part, Path(folder) / "results.jsonl", lines, arguments)
            for part in ((ours.part,) if ours.part else ("dev", "holdout", "all"))
        ]
    if ours.results:
        ours.results.write_text(_jsonl(lines), encoding="utf-8")
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
