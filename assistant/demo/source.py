"""Reads the demo's mails as they are written down: many to a file, a few header-like lines, a blank line, the body.

The format, one entry after another in `firm/mails/*.txt`:

    ## 101                             the entry's id, unique over all files
    When: -42d 09:14                   days before today and time of day; or -3h, -20m (before now), +2m (arrivals)
    From: P012                         a contact's id, a member of staff (`nadine`), or `Name <address>`
    To: service                        the same, several with commas; otherwise the shared address or who is answered
    Cc: marco                          optional
    Re: 100                            answers this entry: sets subject, recipient, threading headers and quotation
    Subject: Pumpe P3                  needed unless Re is there
    Mailbox: sales                     office unless said
    Folder: Archive                    without it: Sent for staff; INBOX for the rest, Archive after 60 days
    Also: sales                        a copy of the same message in the INBOX of this mailbox, too
    Flags: flagged, unseen             beyond age and answers; internal: staff write from their own address
    Auth: fail                         our server's DMARC verdict: pass unless said; fail, none
    Client: outlook                    the mail program, see compose.CLIENTS; otherwise that of the sender
    Lang: en                           a stranger who writes English
    Sign: no                           no signature; or the key of another one (`mobile`)
    Quote: no                          an answer without the quoted mail below
    Html: yes                          with an HTML alternative (yes, no, newsletter); otherwise as the program does
    Attach: Plan.pdf | line / line     an attachment (.pdf, .csv, .png) and its text; may be repeated
    Calendar: +3d 10:00 60 Halle 2     an invitation: begin, minutes, place
    Bounce: a@b.example | 550 no user  a delivery report about the mail named by Re
    Return-Path, Reply-To, List-Id …   any other name is written into the mail as it stands

    The body. {+5d} is a date (see dates.spoken for the forms). A line that begins with `## ` ends it.

`firm/signatures.txt` has the same shape: `## key`, optional `Client:`, a blank line, the signature.
A line `--` in it is sent as the usual `-- `; a member of staff who also writes English has a second one, `nadine-en`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

OWN = frozenset(
    {"When", "From", "To", "Cc", "Re", "Subject", "Mailbox", "Folder", "Also", "Flags", "Auth", "Client", "Lang"}
    | {"Sign", "Quote", "Html", "Attach", "Calendar", "Bounce"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One mail or signature as written down: its id, its lines and its body."""

    id: str
    file: str
    lines: tuple[tuple[str, str], ...]
    body: str

    def get(self, name: str, default: str = "") -> str:
        """The first line of this name, or the default."""
        return next((value for key, value in self.lines if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every line of this name."""
        return [value for key, value in self.lines if key == name]

    def passed_through(self) -> list[tuple[str, str]]:
        """The lines that go into the mail as they stand."""
        return [(key, value) for key, value in self.lines if key not in OWN]


def text(name: str) -> str:
    """A file of the firm, as text."""
    return files("assistant.demo").joinpath("firm", *name.split("/")).read_text(encoding="utf-8")


def mail_files() -> list[str]:
    """The names of the files with mails, in order."""
    folder = files("assistant.demo").joinpath("firm", "mails")
    return sorted(f"mails/{item.name}" for item in folder.iterdir() if item.name.endswith(".txt"))


def entries(name: str) -> Iterator[Entry]:
    """The entries of one file, in the order written."""
    for block in f"\n{text(name)}".split("\n## ")[1:]:
        head, _, body = block.partition("\n\n")
        first, *rest = head.strip("\n").split("\n")
        pairs = []
        for line in rest:
            key, colon, value = line.partition(":")
            if not colon:
                raise ValueError(f"{name}, entry {first}: {line!r} is no header line")
            pairs.append((key.strip(), value.strip()))
        yield Entry(first.strip(), name, tuple(pairs), body.strip("\n"))
