"""Commands for what customers are worth."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.value_report import Log, Report

app = typer.Typer(help="What customers are worth, and whether they come back.", no_args_is_help=True)

_TOP = 20


@app.callback()
def value() -> None:
    """What customers are worth, and whether they come back."""


@app.command()
def fit(
    file: Annotated[
        Path | None, typer.Argument(help="CSV or XLSX with customer_id, date, amount.", show_default=False)
    ] = None,
    from_pool: Annotated[bool, typer.Option("--pool", help="The orders in the pool instead of a file.")] = False,
    persons: Annotated[
        bool, typer.Option("--persons", help="With --pool: private persons too; else they are left out.")
    ] = False,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d"], help="Last day of what is fitted; else the last one there is."
        ),
    ] = None,
    horizon: Annotated[int, typer.Option(min=1, max=36525, help="Days to foretell after it.")] = 365,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="OURS=THEIRS: which column of the file is meant.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, each customer included, as JSON.")] = False,
) -> None:
    """Fit the models of repeat trade to past orders: who is still a customer, who buys how often, for how much.

    A row an order; a return has a negative amount. Purchases of one day are one transaction. Dates as 2025-12-31,
    31.12.2025 or 20251231. With fewer than a hundred customers who bought again nothing is foretold. Bad rows are
    listed with line and reason; exit code 1 when there was one. Writes nothing.

    From the pool only firms are taken, unless you ask for private persons too.

    Example: kingpost value fit auftraege.csv --until 2025-12-31 --horizon 180
    """
    from assistant import value_report
    from assistant.cli.records import mapping_of
    from rules.terms.customer import CustomerKind
    from rules.terms.errors import WrongUse

    if (file is None) is not from_pool:
        raise WrongUse(problem="Name a file with orders, or --pool.", problem_de="Nennen Sie eine Datei oder --pool.")
    if file is None:
        kinds = tuple(CustomerKind) if persons else (CustomerKind.FIRM,)
        with context.pool() as (_, pool), pool.read() as work:
            log = value_report.of_orders(work.ledger.all_orders(kinds))
    else:
        with console.progress(de="Gelesen", en="Read") as bar:
            log = value_report.read_log(file, mapping_of(columns or []), bar.at)
    found = value_report.report(log.transactions, until.date() if until else None, horizon)
    _tell_rows(str(file), log)
    if as_json:
        value_report.write_json(found, sys.stdout)
    else:
        _tell(found)
    raise typer.Exit(1 if log.bad else 0)


@app.command()
def refresh() -> None:
    """Reckon anew where customers stand among all: classes, scores, who is at risk, who resembles the best.

    The service does so at night and after imports; this does it now, and says what it found.

    Example: kingpost value refresh
    """
    from datetime import UTC

    from assistant.valuing import refresh as reckon
    from rules.wording import say

    with context.pool() as (settings, pool), console.progress(de="Kunden", en="Customers") as bar:
        found = reckon(pool, settings, datetime.now(UTC), bar.at)
    classes = ", ".join(f"{one.name} {one.customers}" for one in found.classes)
    console.say(
        de=f"{found.customers} Kunden verglichen ({classes}).", en=f"{found.customers} customers compared ({classes})."
    )
    if found.unfit:
        print(say(f"value.unfit.{found.unfit}", console.language()))


def _tell_rows(file: str, log: "Log") -> None:
    """What of the table was left out."""
    from assistant.cli.records import tell_unknown

    tell_unknown(log.unknown_columns)
    for row in log.problems:
        console.note(
            de=f"{file}, Zeile {row.line}: {row.problem_de}",
            en=f"{file}, line {row.line}: {row.problem}",
        )
    if further := log.bad - len(log.problems):
        console.note(de=f"… und {further} weitere.", en=f"… and {further} more.")
    if len(log.currencies) > 1:
        names = ", ".join(name for name, _ in log.currencies.most_common())
        console.note(
            de=f"Achtung: mehrere Währungen ({names}), gerechnet wie eine.",
            en=f"Warning: several currencies ({names}), reckoned as one.",
        )


def _tell(found: "Report") -> None:
    """The figures in words, and the customers of whom most is expected."""
    import numpy as np

    from rules.wording import say

    repeats, fit, language = found.repeats, found.fit, console.language()
    console.say(
        de=f"{len(repeats.ids)} Kunden bis {repeats.as_of or '–'}, {repeats.repeaters} kauften wieder.",
        en=f"{len(repeats.ids)} customers until {repeats.as_of or '–'}, {repeats.repeaters} bought again.",
    )
    if fit.purchases:
        model = fit.purchases
        print(f"BG/NBD: r {model.r:.4g}  α {model.alpha:.4g}  a {model.a:.4g}  b {model.b:.4g}  ({model.loglik:.1f})")
    elif fit.unfit:
        print(say(f"value.unfit.{fit.unfit}", language))
    if fit.spend:
        spend = fit.spend
        print(f"Gamma-Gamma: p {spend.p:.4g}  q {spend.q:.4g}  γ {spend.gamma:.4g}  ({spend.loglik:.1f})")
    elif fit.unfit_spend:
        print(say(f"value.unfit-spend.{fit.unfit_spend}", language))
    if found.expected is None or found.p_alive is None:
        return
    console.say(
        de=f"In {found.horizon_days} Tagen zu erwarten: {found.expected_total:.0f} Käufe.",
        en=f"To be expected in {found.horizon_days} days: {found.expected_total:.0f} purchases.",
    )
    heads = (
        ("Kunde", "Käufe danach", "noch Kunde", "zu erwarten", "je Kauf")
        if language == "de"
        else ("customer", "repeats", "still a customer", "expected", "per purchase")
    )
    rows = [
        (
            repeats.ids[at],
            int(repeats.x[at]),
            f"{found.p_alive[at]:.0%}",
            f"{found.expected[at]:.2f}",
            "–" if found.average is None else f"{found.average[at]:.2f}",
        )
        for at in np.argsort(-found.expected, kind="stable")[:_TOP]
    ]
    console.table(heads, rows)
