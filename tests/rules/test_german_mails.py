"""German mails in the forms that programs and people give them; tests/mail/german/README.md says how to read them."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors import mime
from rules import reading
from rules.terms.firm import Firm

FOLDER = Path(__file__).parents[1] / "mail" / "german"
FIRM = Firm(domains=frozenset({"firma.example"}))


@dataclass
class Case:
    """One mail with what must be read in it."""

    title: str
    values: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    signature: list[str] = field(default_factory=list)
    passed_on: list[str] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        kind = "html" if "Html" in self.values else "plain"
        own = {key: value for key, value in self.values.items() if key not in EXPECTED}
        header = {"From": "Erika Muster <erika@kundin.example>", **own, "Content-Type": f"text/{kind}; charset=utf-8"}
        return "\n".join([*(f"{key}: {value}" for key, value in header.items()), "", *self.body]).encode()


EXPECTED = ("Original", "Forwarded-Subject", "Kind", "Language", "Html")


def cases() -> list[Case]:
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            sign, text = line[:1], line[2:]
            if sign == "=":
                found.append(Case(f"{path.stem}: {text}"))
            elif sign == "@":
                key, _, value = text.partition(": ")
                found[-1].values[key] = value
            elif sign == "!":
                found[-1].new.append(text)
            else:
                found[-1].body.append(text)
                lists = {"+": found[-1].new, "~": found[-1].signature, "*": found[-1].passed_on}
                assert sign in {*lists, " ", ""}, f"{path.name}: {line}"
                if sign in lists:
                    lists[sign].append(text)
    return found


ALL = cases()


def words(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.parametrize("case", ALL, ids=[case.title for case in ALL])
def test_a_german_mail_is_read_as_a_person_would(case: Case) -> None:
    found = reading.read(mime.read(case.raw).message, FIRM)
    assert words(found.new_text) == words("\n".join(case.new))
    if "Html" not in case.values:
        delimiters = ("--", "-- ", "—")
        expected = [line for line in case.signature if line.strip() not in delimiters]
        assert words(found.signature) == words("\n".join(expected))
    original = found.original_sender
    shown = f"{original.name} <{original.addr}>".strip() if original else None
    assert shown == case.values.get("Original")
    if "Forwarded-Subject" in case.values:
        assert found.fwd_subject == case.values["Forwarded-Subject"]
    for line in case.passed_on:
        assert words(line.lstrip("> ")) in words(found.fwd_text)
    if "Kind" in case.values:
        assert found.kind == case.values["Kind"]
    if "Language" in case.values:
        assert found.language == case.values["Language"]


def test_there_are_enough_of_them() -> None:
    titles = [case.title for case in ALL]
    assert len(set(titles)) == len(titles) >= 200
    assert sum(title.startswith("no_forwards") for title in titles) >= 50
