"""`kingpost value fit`: from a table as firms write it to the figures of design section 5."""

import json
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import console
from assistant.cli.app import app
from benchmarks.value import synthetic, write
from rules.terms.customer import Customer, CustomerKind
from rules.terms.errors import TableRefused, WrongUse
from rules.terms.ledger import Order, OrderStatus
from storage.pool import Pool


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_language", ["en"])


def fit(*words: str | Path) -> Result:
    """Run the command in this process; its errors come out."""
    result = CliRunner().invoke(app, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def figures(*words: str | Path) -> dict[str, Any]:
    result = fit("value", "fit", *words, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("log") / "orders.csv"
    write(synthetic(1_000, seed=5), file)
    return file


def test_the_json_is_as_the_design_says(log: Path) -> None:
    found = figures(log, "--until", "2025-01-31", "--horizon", "90")
    assert found["as_of"] == "2025-01-31"
    assert (found["unit"], found["horizon_days"], found["customers"]) == ("weeks", 90, 1_000)
    assert set(found["bgnbd"]) == {"r", "alpha", "a", "b", "loglik"}
    assert set(found["gammagamma"]) == {"p", "q", "gamma", "loglik"}
    each = found["per_customer"]
    assert len(each) == 1_000
    assert all(set(one) == {"id", "x", "t_x", "T", "p_alive", "expected", "expected_avg_value"} for one in each)
    assert sum(one["x"] > 0 for one in each) == found["repeaters"]
    assert found["expected_total"] == pytest.approx(math.fsum(one["expected"] for one in each), abs=0.01)
    assert all(0 <= one["p_alive"] <= 1 and one["expected"] >= 0 and one["expected_avg_value"] > 0 for one in each)


def test_german_tables_in_any_order_mean_the_same(log: Path, tmp_path: Path) -> None:
    """Semicolons, decimal commas, day.month.year, German headings, the last row first."""
    german = tmp_path / "auftraege.csv"
    rows = [line.split(",") for line in log.read_text().splitlines()[1:]]
    lines = [f"{day[8:]}.{day[5:7]}.{day[:4]};{amount.replace('.', ',')};{id}" for id, day, amount in reversed(rows)]
    german.write_text("\n".join(["Datum;Betrag;Kundennummer", *lines]), encoding="cp1252")
    ours, theirs = figures(log), figures(german)
    assert theirs["bgnbd"] == pytest.approx(ours["bgnbd"])
    assert theirs["gammagamma"] == pytest.approx(ours["gammagamma"])
    others = {one.pop("id"): one for one in theirs["per_customer"]}
    assert len(others) == 1_000
    assert all(others[one.pop("id")] == pytest.approx(one, rel=1e-3, abs=1e-3) for one in ours["per_customer"])


def test_bad_rows_are_listed_and_the_others_count(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "customer_id,date,amount\nK1,2025-01-01,5\nK1,2025-02-30,5\nK1,20250301,\n,2025-03-01,5\nK1,20250315,7\n"
    )
    result = fit("value", "fit", file, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["customers"], found["per_customer"][0]["x"]) == (1, 1)
    assert [line.split(", ")[1].split(":")[0] for line in result.stderr.splitlines()] == ["line 3", "line 4", "line 5"]


def test_too_little_is_said_and_nothing_foretold(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,date,amount\nK1,2025-01-01,5\nK1,2025-01-15,7\n")
    found = figures(file)
    assert (found["customers"], found["repeaters"], found["unfit"]) == (1, 1, "too-few")
    assert (found["bgnbd"], found["gammagamma"], found["expected_total"]) == (None, None, None)
    one = found["per_customer"][0]
    assert (one["x"], one["t_x"], one["p_alive"], one["expected"], one["expected_avg_value"]) == (
        1,
        2,
        None,
        None,
        None,
    )
    assert "fewer than a hundred customers bought again" in fit("value", "fit", file).stdout


def test_customers_who_came_after_the_window_are_left_out(log: Path) -> None:
    found = figures(log, "--until", "31.03.2024")
    assert 0 < found["customers"] < 1_000
    assert figures(log, "--until", "20231231")["customers"] == 0


def test_a_table_without_rows_has_no_customers_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("customer_id,date,amount\n")
    found = figures(file)
    assert (found["as_of"], found["customers"], found["per_customer"]) == (None, 0, [])
    file.write_text("")
    with pytest.raises(TableRefused, match="it is empty"):
        fit("value", "fit", file)


def test_other_headings_are_named_by_the_caller(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("wer,wann,wieviel\nK1,2025-01-01,5\n")
    mapping = ("--map", "customer_id=wer", "--map", "date=wann", "--map", "amount=wieviel")
    assert figures(file, *mapping)["customers"] == 1


def test_a_file_or_the_pool_must_be_named(log: Path) -> None:
    for words in ((), (log, "--pool")):
        with pytest.raises(WrongUse, match="or --pool"):
            fit("value", "fit", *words)


def test_the_figures_in_words_name_the_best_first(log: Path) -> None:
    told = fit("value", "fit", log).stdout
    assert told.startswith("1000 customers until 2025-")
    assert "BG/NBD: r 0." in told
    expected = [float(line.split()[3]) for line in told.splitlines()[-20:]]
    assert expected == sorted(expected, reverse=True)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Path]:
    """A pool with a firm and a private person, two orders each, and a cancelled one."""
    file = tmp_path / "kingpost.toml"
    file.write_text('[firm]\nlanguage = "en"\n')
    pool = Pool.create(f"sqlite:///{tmp_path}/kingpost-data/pool.sqlite", str(tmp_path / "kingpost-data/blobs"))
    with pool.begin() as work:
        work.customers.upsert([Customer("K1", "Muster"), Customer("K2", "Erika", kind=CustomerKind.PERSON)], [])
        orders = [Order(f"A{id}{at}", id, date(2025, at, 1), 1_050) for id in ("K1", "K2") for at in (1, 2)]
        work.ledger.upsert_orders([*orders, Order("A9", "K1", date(2025, 3, 1), 1, status=OrderStatus.CANCELLED)])
    yield file
    pool.close()


def test_from_the_pool_firms_are_taken_and_persons_when_asked_for(settings: Path) -> None:
    def found(*words: str) -> list[tuple[str, int]]:
        each = json.loads(fit("--config", settings, "value", "fit", "--pool", "--json", *words).stdout)["per_customer"]
        return sorted((one["id"], one["x"]) for one in each)

    assert found() == [("K1", 1)]
    assert found("--persons") == [("K1", 1), ("K2", 1)]
