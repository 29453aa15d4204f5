"""What somebody entered into a form, read from labelled lines: "Name: …", a label above its value, or table rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.header_blocks import address_of
from rules.phrases import form_fields
from rules.phrases.form_fields import (
    CITY,
    FIRM,
    FIRST,
    LAST,
    MAIL,
    MESSAGE,
    NAME,
    NUMBER,
    OTHER,
    PHONE,
    PLACE,
    STREET,
    SUBJECT,
    ZIP,
)
from rules.terms.mail import Address

_MOST_LINES = 400
_LONGEST_LINE = 2000
_LINE = re.compile(
    r"[\s>*_|•·-]{0,8}([^\W\d_][^:=|\t\n]{0,50}?)[\s*_.]{0,10}(?:[:=|\t]|\s{3,})[\s*_|:]{0,10}(.*)", re.DOTALL
)
_POLITE = re.compile(
    r"^(?:ihre?[nmrs]? |deine?[nmrs]? |your )|[\s*()]+$|\s*\((?:pflichtfeld|optional|required|erforderlich)\)$|(?:\*"
    r"|:)+$"
)
_RULE = re.compile(r"[\s>*_|•·=+–—-]*")
_CLOSING = re.compile(
    r"\s*(?:--|—|diese (?:e-?mail|nachricht|anfrage) wurde|this (?:e-?mail|message) was sent|gesendet (?:von|über)"
    r"|sent from|powered by)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form by kind (see rules.phrases.form_fields), the values of one kind in their order.

    Numbers keep their labels ("Kundennummer: 4711"), which say whose they are.
    """

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def first(self, kind: str) -> str:
        """The first value of a kind, "" when there is none."""
        return next(iter(self.values.get(kind, ())), "")

    @property
    def person(self) -> Address:
        """Who filled the form in; `addr` and `name` may be ""."""
        named = self.first(NAME) or " ".join(part for part in (self.first(FIRST), self.first(LAST)) if part)
        if self.first(FIRST) and self.first(LAST):
            named = f"{self.first(FIRST)} {self.first(LAST)}"
        stated = address_of(named)
        mails = [address_of(value).addr for value in self.values.get(MAIL, ())]
        return Address(
            next((mail for mail in mails if mail), stated.addr), stated.name or named.partition("@")[0].strip()
        )

    @property
    def counted(self) -> int:
        """How many different things about a person or firm the form tells."""
        return len(self.values.keys() & {NAME, FIRST, LAST, MAIL, PHONE, FIRM, STREET, ZIP, CITY, PLACE, NUMBER})

    @property
    def data(self) -> str:
        """What the form tells about the person, as lines like those of a signature."""
        place = self.first(PLACE) or f"{self.first(ZIP)} {self.first(CITY)}".strip()
        rows = [
            self.person.name,
            self.first(FIRM),
            self.first(STREET),
            place,
            *(f"Tel. {phone}" for phone in self.values.get(PHONE, ())),
            self.person.addr,
        ]
        return "\n".join(row for row in rows if row)

    @property
    def message(self) -> str:
        """What the person wrote, with subject and numbers."""
        kinds = (SUBJECT, NUMBER, MESSAGE)
        return "\n".join(value for kind in kinds for value in self.values.get(kind, ())).strip()


def form_in(text: str) -> Form:
    """Read the labelled lines of a text; what stands below the label of the message is the message."""
    values: dict[str, list[str]] = {}
    kind = label = ""
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        found = _labelled(line[:_LONGEST_LINE])
        if found is not None and not (
            kind == MESSAGE and found[0] in (OTHER, NAME, SUBJECT, NUMBER) and values[MESSAGE]
        ):
            kind, label, value = found
            entries = values.setdefault(kind, [])
            if value:
                entries.append(f"{label}: {value}" if kind == NUMBER else value)
                kind = kind if kind == MESSAGE else ""
        elif kind == MESSAGE:
            if _CLOSING.match(line):
                kind = ""
            else:
                values[MESSAGE].append(line)
        elif kind and not _RULE.fullmatch(line):
            # The value stands below its label.
            value = line.strip(" \t*_>|")
            values[kind].append(f"{label}: {value}" if kind == NUMBER else value)
            kind = ""
    return Form({name: tuple(_kept(name, entries)) for name, entries in values.items() if any(entries)})


def _kept(kind: str, entries: list[str]) -> Iterator[str]:
    if kind == MESSAGE:
        yield "\n".join(entries).strip()
    else:
        yield from (entry for entry in entries if entry)


def _labelled(line: str) -> tuple[str, str, str] | None:
    """The kind a line's label names, the label, and the value behind it ("" where the label stands alone)."""
    match = _LINE.match(line[:_LONGEST_LINE])
    if match is not None:
        kind = _kind(match[1])
        if kind is not None:
            return kind, match[1].strip(" \t*_>|"), match[2].strip(" \t*_|")
    kind = _kind(line) if len(line) < 60 else None
    return (kind, line.strip(" \t*_>|:"), "") if kind is not None else None


def _kind(label: str) -> str | None:
    name = " ".join(label.lower().strip(" \t*_>|•·-.:").split())
    for _ in range(2):
        if name in form_fields.LABELS:
            return form_fields.LABELS[name]
        name = _POLITE.sub("", name).strip(" .:-")
    return form_fields.LABELS.get(name)
