"""Every error says in both languages what is wrong and what to do."""

import pickle
from string import Formatter

import pytest

from rules.terms import errors
from rules.terms.errors import KingpostError, UnknownName, WrongUse


def kinds(kind: type[KingpostError] = KingpostError) -> list[type[KingpostError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in kinds(child))]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("kind", list(dict.fromkeys(kinds())))
def test_both_languages_name_the_same_details(kind: type[KingpostError]) -> None:
    german = {name.removesuffix("_de") for name in fields(kind.de)}
    assert fields(kind.en) == german
    assert kind.__doc__


def test_a_sentence_of_a_library_is_the_same_in_both_languages() -> None:
    assert WrongUse(problem="x").text("de") == "x"


@pytest.mark.parametrize("what", sorted(errors.GERMAN))
def test_an_unknown_name_is_told_in_both_languages(what: str) -> None:
    error = UnknownName(what=what, name="x", hint="See y.", hint_de="Siehe y.")
    assert str(error) == f"There is no {what} “x”. See y."
    assert error.text("de") == f"{errors.GERMAN[what]} „x“ gibt es nicht. Siehe y."


def test_errors_travel_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnknownName(what="mailbox", name="x")))
    assert error.text("de") == "Ein Postfach „x“ gibt es nicht."
