"""The words of the pages: whole in both languages, all of them used, none of them missing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.web import texts

WEB = Path(texts.__file__).parent
# Tables whose keys come from data.
BY_DATA = (
    "alarm.",
    "outgoing.kind_", "outgoing.state_", "snippets.blank_",
    "gmail.",
    "lists.", "rights.", "staff_data.", "targets.",
    "outlook.",
    "imports.", "sources.",
    "consents.", "customer.bar_",
    "announces.", "cases.hidden", "cases.selected", "channel.", "customer_status.", "direction.", "error.", "field.",
    "groups.", "setup.reach_", "setup.step_", "setup.tls_", "languages.", "mail_kind.", "merge.", "moments.",
    "party.", "reference.", "repair.", "role.", "scope.",
    "found_invoices.reason_", "reaction.", "sidebar.way.", "stance.", "state.", "undo.", "yes_no.",
)  # fmt: skip


def keys(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and not {"one", "other"} <= value.keys():
            yield from keys(value, f"{before}{key}.")
        elif isinstance(value, dict):
            yield from ((f"{before}{key}", each) for each in value.values())
        else:
            yield f"{before}{key}", value


def fields(value: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(value)))


def test_both_languages_have_the_same_keys() -> None:
    german, english = ({key for key, _ in keys(texts.texts(language))} for language in texts.LANGUAGES)
    assert german == english


def test_both_languages_take_the_same_values() -> None:
    # Forms of a date may name other parts of it.
    german, english = (
        {key: fields(value) for key, value in keys(texts.texts(language)) if not key.startswith("moments.")}
        for language in texts.LANGUAGES
    )
    assert german == english


def test_no_words_are_empty_or_left_in_the_other_language() -> None:
    german, english = (dict(keys(texts.texts(language))) for language in texts.LANGUAGES)
    assert all(str(value).strip() for value in (*german.values(), *english.values()))
    same = {key for key in german if german[key] == english[key] and str(german[key]).isalpha()}
    same -= {"nav.start", "start.title", "start.task_quarantine", "channel.mail", "channel.fax", "channel.chat"}
    assert same <= {"channel.download", "customer.fax", "customer.domain", "reference.ticket", "party.partner",
                    "customers.name", "mail_kind.newsletter", "settings.language_de", "settings.language_en",
                    "message.html", "customers.mails", "moments.clock", "stance.partner", "field.domain",
                    "field.name"}  # fmt: skip


def test_every_key_that_a_page_names_has_words_and_every_word_is_named() -> None:
    sources = [*WEB.glob("templates/*.html"), *WEB.glob("*.py"), *WEB.glob("views/*.py"), *WEB.glob("static/*.js")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    known = {key for key, _ in keys(texts.texts("de"))}
    named = set(
        re.findall(r"""\bt\((?:language, |visit\.language, |self\.language, )?["']([\w.-]+\.[\w-]+)["']""", source)
    )
    assert {key for key in named if not key.endswith("_")} <= known | {"moments.full"}
    loose = [key for key in known if not key.startswith(BY_DATA) and key.rpartition(".")[2] not in source]
    assert not [key for key in loose if not key.startswith(("start.task_", "start.undone_", "start.follow_on_",
                                                            "settings.language_", "review.", "nav.", "letter.",
                                                            "summary."))]  # fmt: skip


@pytest.mark.parametrize(
    ("preferred", "header", "expected"),
    [
        ("de", "en", "de"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "en-GB,en;q=0.9,de;q=0.8", "en"),
        ("", "fr,de;q=0.5", "de"),
        ("", "de;q=0, en;q=0.1", "en"),
        ("", "fr", "en"),
        ("", None, "en"),
        ("fr", "de;q=quatsch", "en"),
        ("", "de;q=0.4," * 5000, "de"),
    ],
)
def test_the_language_is_the_readers_else_the_browsers(preferred: str, header: str | None, expected: str) -> None:
    assert texts.choose(preferred, header) == expected


def test_one_and_many_are_told_apart() -> None:
    assert texts.t("de", "quarantine.tries", count=1) == "ein Versuch"
    assert texts.t("de", "quarantine.tries", count=3) == "3 Versuche"
