"""kingpost benchmark."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console

if TYPE_CHECKING:
    from assistant.benchmarking import Figure, Measured

# What is measured, in German and English, and what it is compared with.
WORDS = {
    "mail_cpu": (
        "Rechenzeit je Mail, alles zusammen",
        "CPU a mail, everything included",
        "Pythons Mailparser und eine SQLite-Volltexttabelle",
        "Python's own parser and one SQLite full-text table",
    ),
    "mail_rate": (
        "Mails je Sekunde, wie der Dienst sie liest",
        "mails a second, as the service reads them",
        "dieselben ohne Kingpost, ein Prozess",
        "the same without Kingpost, one process",
    ),
    "summary_p50": (
        "Zusammenfassung einer geöffneten Mail, Median",
        "summary of an opened mail, median",
        "die Zeile derselben Mail in SQLite",
        "the row of the same mail in SQLite",
    ),
    "summary_p99": (
        "Zusammenfassung einer geöffneten Mail, p99",
        "summary of an opened mail, p99",
        "die Zeile derselben Mail in SQLite",
        "the row of the same mail in SQLite",
    ),
    "disk": ("Schreiben bestätigt (fsync von 4 kB), Median", "disk says written (fsync of 4 kB), median", "", ""),
}


def benchmark(
    mails: Annotated[int, typer.Option(min=100, help="How many mails.")] = 1000,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Measure what this machine makes of Kingpost, with mails and a pool of its own; a minute or two.

    Example: kingpost benchmark
    """
    import msgspec

    from assistant import logs
    from assistant.benchmarking import measure
    from assistant.settings import forget_environment

    forget_environment()
    logs.set_up(level=30)
    with console.progress(de="Messung", en="Measuring") as bar:
        found = measure(mails, bar.at)
    if json:
        figures = [asdict(figure) | {"ratio": figure.ratio} for figure in found.figures]
        print(msgspec.json.encode(asdict(found) | {"figures": figures}).decode())
    else:
        _show(found)


def _show(found: "Measured") -> None:
    begin, end = found.load
    console.say(
        de=f"{found.mails} Mails zu {found.bytes_a_mail / 1000:.1f} kB, {found.cores} Kerne, Python {found.python}, "
        f"Last {begin:.1f} bis {end:.1f}",
        en=f"{found.mails} mails of {found.bytes_a_mail / 1000:.1f} kB, {found.cores} cores, Python {found.python}, "
        f"load {begin:.1f} to {end:.1f}",
    )
    if max(found.load) > found.cores:
        console.say(
            de="Die Maschine hatte mehr zu tun, als sie Kerne hat: Zeiten auf der Uhr sind zu hoch.",
            en="The machine had more to do than it has cores: times on the clock are too high.",
        )
    for figure in found.figures:
        print(_line(figure))


def _line(figure: "Figure") -> str:
    name_de, name_en, reference_de, reference_en = WORDS[figure.name]
    line = f"{console.choose(de=name_de, en=name_en):48}{figure.value:9.2f} {figure.unit:4}"
    if figure.reference is None or figure.ratio is None:
        return line
    against = console.choose(de=reference_de, en=reference_en)
    return f"{line} = {figure.ratio:7.2f} × {figure.reference:.2f} {figure.unit} ({against})"
