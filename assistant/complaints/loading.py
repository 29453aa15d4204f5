"""What finds complaints, for the processes that need it, and a number that tells when it finds others than before.

The models and what runs them are imported in the reader's workers only.
"""

import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.complaints.assessing import Assessor

# Raised when the code finds something else with the same tables and models.
GENERATION = 1


def assessor(folder: Path) -> "Assessor":
    """The assessor of this process; the firm's own weights in `folder` win over the shipped ones."""
    from assistant.complaints import shipped

    return shipped.assessor(folder)


def generation(folder: Path) -> int | None:
    """A number for the models and tables in force; None where there is no model."""
    found = hashlib.blake2b(str(GENERATION).encode(), digest_size=8)
    models = list(_models(folder))
    for content in (*models, *_tables()):
        found.update(hashlib.blake2b(content).digest())
    return int.from_bytes(found.digest(), "big", signed=True) if models else None


def _models(folder: Path) -> Iterator[bytes]:
    shipped = {one.name: one for one in files("assistant.complaints").joinpath("models").iterdir()}
    own = {one.name: one for one in folder.iterdir()} if folder.is_dir() else {}
    for name, one in sorted((shipped | own).items()):
        if name.endswith(".npz"):
            yield one.read_bytes()


def _tables() -> Iterator[bytes]:
    for part in ("cues", "classes"):
        for one in sorted(files("rules.complaints").joinpath(part).iterdir(), key=lambda one: one.name):
            if one.name.endswith(".toml"):
                yield one.read_bytes()
