"""Labelled texts: JSON Lines, one text an object. The project's own stand in training/complaints (training/README.md).

    {"id", "text", "subject"?, "lang"?, "flag": true|false (or "label": 1|0), "severity"?, "category"?, "phrases"?,
     "group"?, "kind"?}

Texts whose label is null are left out.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules.language import language_of
from rules.terms.complaint import Category
from rules.terms.errors import WrongUse

FOLDER = Path(__file__).parents[2] / "training" / "complaints"
LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what is true of it. `severity`, `category` and `phrases` are None or empty where nobody said.

    `source` is the file it stands in: one file, one group of voices, which is never split.
    """

    id: str
    language: str | None
    subject: str
    text: str
    flag: bool
    severity: int | None = None
    category: Category | None = None
    phrases: tuple[str, ...] = ()
    group: str = ""
    kind: str = ""
    source: str = ""


def own(part: str, languages: Iterable[str] = LANGUAGES) -> list[Path]:
    """The files of the project's own corpus: its part "train" or "dev".

    Raises:
        WrongUse: the texts are not there; they are never installed.
    """
    files = sorted(path for language in languages for path in FOLDER.glob(f"{language}-{part}-*.jsonl"))
    if not files:
        raise WrongUse(
            problem=f"There are no texts in {FOLDER}: they come with the source code only. Name files of your own.",
            problem_de=f"In {FOLDER} stehen keine Texte: Sie gehören nur zum Quelltext. Nennen Sie eigene Dateien.",
        )
    return files


def examples(files: Iterable[Path]) -> Iterator[Example]:
    """The labelled texts of files.

    Raises:
        WrongUse: a file cannot be read, or a line is no labelled text.
    """
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongUse(
                problem=f"{file} cannot be read: {error}", problem_de=f"{file} ist nicht lesbar: {error}"
            ) from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                example = example_of(json.loads(line), file.stem)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise WrongUse(
                    problem=f"{file}, line {number}: no labelled text ({error}).",
                    problem_de=f"{file}, Zeile {number}: kein gekennzeichneter Text ({error}).",
                ) from error
            if example is not None:
                yield example


def example_of(read: Mapping[str, Any], source: str) -> Example | None:
    """A labelled text from an object like the above; None where nobody said what it is.

    Raises:
        ValueError, KeyError, TypeError: it is no such object.
    """
    flag = read.get("flag", read.get("label"))
    if flag is None:
        return None
    text, subject = str(read["text"]), str(read.get("subject") or "")
    severity, category = read.get("severity"), read.get("category")
    return Example(
        id=str(read["id"]),
        language=read.get("lang") or language_of(text),
        subject=subject,
        text=text,
        flag=bool(flag),
        severity=None if severity is None else int(severity),
        category=None if category is None else Category(category),
        phrases=tuple(read.get("phrases") or ()),
        group=str(read.get("group") or ""),
        kind=str(read.get("kind") or ""),
        source=source,
    )
