"""The made-up test set for the matching: always the same, and its truth can be told from its own files."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.invented.checks import problems
from benchmarks.invented.letters import TEXTS
from benchmarks.match_score import figures
from benchmarks.matching_set import SECOND_FIRM, write_set


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    there = tmp_path_factory.mktemp("set")
    write_set(there)
    return there


@pytest.fixture(scope="module")
def truth(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    write_set(tmp_path)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        one.name: one.read_bytes() for one in folder.iterdir()
    }


def test_every_id_exists_and_every_number_has_one_owner(folder: Path) -> None:
    assert problems(folder) == []


def test_the_second_firms_mails_hold_together_too(tmp_path: Path) -> None:
    assert write_set(tmp_path / "a", SECOND_FIRM) == write_set(tmp_path / "b", SECOND_FIRM)
    assert problems(tmp_path / "a") == []
    assert (tmp_path / "a" / "mails.jsonl").read_bytes() == (tmp_path / "b" / "mails.jsonl").read_bytes()
    told = [json.loads(line) for line in (tmp_path / "a" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum(one["kind"] == "spoof" for one in told) >= 100


def test_other_seeds_hold_together_too(folder: Path, tmp_path: Path) -> None:
    write_set(tmp_path, seed=5, customers=1500)
    assert problems(tmp_path) == []
    assert (tmp_path / "mails.jsonl").read_bytes() != (folder / "mails.jsonl").read_bytes()
    assert len((tmp_path / "customers.csv").read_text(encoding="utf-8").splitlines()) == 1501


def test_a_second_owner_of_an_order_number_is_found(tmp_path: Path) -> None:
    write_set(tmp_path)
    file = tmp_path / "references.csv"
    header, first, *_ = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join((header, first, first)), encoding="utf-8")
    assert problems(tmp_path) == [f"references.number: {first.split(',')[1]} 2 times"]


def test_impersonations_and_their_innocent_twins_are_many(truth: list[dict[str, Any]]) -> None:
    assert sum(one["kind"] == "spoof" for one in truth) >= 120
    assert sum(one["twin"] for one in truth if one["kind"] != "spoof") >= 120
    assert not any(one["twin"] for one in truth if one["kind"] == "spoof")


def test_situations_are_many_and_each_comes_several_times(truth: list[dict[str, Any]]) -> None:
    counts = Counter(one["situation"] for one in truth)
    assert len(counts) >= 60
    assert min(counts.values()) >= 3


def test_the_texts_are_written_one_by_one() -> None:
    texts = [text.strip() for file in TEXTS.glob("*.txt") for text in file.read_text(encoding="utf-8").split("\n%\n")]
    assert len(set(texts)) == len(texts) >= 250


def predicted(truth: dict[str, Any], **said: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A mail as it truly is, with a prediction: the right one, but for what is said otherwise."""
    action = {"customer": "attach", "candidates": "review", "unknown": "unknown", "spoof": "review"}[truth["kind"]]
    right = {"customer": truth["customer"], "contact": truth["contact"], "candidates": truth["accept"]}
    return truth, {"action": action, "spoof": truth["kind"] == "spoof", "confidence": 1.0, **right, **said}


def test_who_is_right_everywhere_scores_best(truth: list[dict[str, Any]]) -> None:
    bad = {"impostors filed", "false alarms", "contacts invented", "calibration error"}
    for name, value in figures([predicted(one) for one in truth]).items():
        assert value == (0 if name in bad else 1), name


def test_who_files_everything_under_one_customer_scores_badly(truth: list[dict[str, Any]]) -> None:
    said = {"action": "attach", "customer": "D0", "contact": "P0", "candidates": [], "spoof": True}
    found = figures([predicted(one, **said) for one in truth])
    assert {name: value for name, value in found.items() if value not in (0, None)} == {
        "impostors filed": 1, "false alarms": 1, "calibration error": 1,
    }  # fmt: skip
