"""The shipped models and tables, read when a text first asks for them."""

import tomllib
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from rules.complaints.assessing import Assessor, Judge
from rules.complaints.classes import Classes
from rules.complaints.cues import AGAINST, Cues
from rules.complaints.model import Model

LANGUAGES = ("de", "en")
_A_NUMBER = {"de": "drei", "en": "three"}


@cache
def assessor(folder: Path | None = None) -> Assessor:
    """The assessor of this process. In a firm's own folder <language>.npz holds weights that win over the shipped."""

    def judge(language: str) -> Judge:
        own = folder / f"{language}.npz" if folder else None
        model = Model.load(own.read_bytes()) if own and own.exists() else shipped(language)
        return Judge(cues(language), classes(language), model)

    return Assessor({language: partial(judge, language) for language in LANGUAGES}, _others)


def shipped(language: str) -> Model:
    """The model that comes with Kingpost."""
    return Model.load(files("assistant.complaints").joinpath("models", f"{language}.npz").read_bytes())


def classes(language: str) -> Classes:
    """A language's word classes."""
    return Classes(_table(f"classes/{language}.toml"))


def cues(language: str) -> Cues:
    """A language's turns of phrase."""
    return Cues(_table(f"cues/{language}.toml"))


def sayings(language: str) -> dict[str, bool]:
    """A language's turns of phrase as somebody may say them, and whether they speak for a complaint."""
    return {cue.said(_A_NUMBER[language]): cue.act not in AGAINST for cue in cues(language).cues}


def _others() -> Mapping[str, Cues]:
    """The cues of languages without a model."""
    return {language: Cues(table) for language, table in _table("cues/others.toml").items()}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rules.complaints").joinpath(*name.split("/")).read_text(encoding="utf-8"))
