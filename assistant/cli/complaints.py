"""Commands for complaints: assessing texts, measuring the models, training them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.complaints.evaluating import Figures, Report

app = typer.Typer(help="The complaint models: how well they do, and how to train them.", no_args_is_help=True)

_HEADS = (
    ("Genauigkeit", "gefunden", "F1", "AUC", "Fehlalarm", "bei 3 %", "gezeigt", "zu prüfen"),
    ("precision", "recall", "F1", "AUC", "false alarms", "at 3 %", "shown", "checks"),
)
_SHOWN = ("precision", "recall", "f1", "auc", "false_alarms", "at_rate", "shown", "checks")


def assess(
    file: Annotated[Path, typer.Argument(help="JSON Lines; - reads standard input.", show_default=False)] = Path("-"),
) -> None:
    """Say of texts whether they are complaints, how grave, about what, and which words say so.

    A text a line: {"id": "1", "text": "…"}, if you like with "subject" and "lang" (de, en …). Quoted mails and
    signatures in a text do not count. An answer a line; "check": true is for a person to look at. Writes nothing.

    Example: kingpost assess texts.jsonl
    """
    import json

    from assistant.complaints.assessing import answers
    from assistant.complaints.shipped import assessor

    with _lines(file) as lines:
        for answer in answers(assessor(), lines, console.language()):
            print(json.dumps(answer, ensure_ascii=False))


@app.command()
def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Labelled JSON Lines; else the project's development part, which was never trained on."),
    ] = None,
    models: Annotated[
        Path | None, typer.Option(help="Folder with <language>.npz to measure instead of the shipped models.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
) -> None:
    """Measure how well complaints are found in labelled texts: by language, group and kind.

    A text a line: {"id", "text", "subject"?, "lang"?, "flag": true|false or "label": 1|0, "severity"?, "category"?,
    "phrases"?, "group"?, "kind"?}. The column at 3 % is the precision in a mailbox of which three mails in a hundred
    are complaints and the others are like the other texts given; "shown" are the complaints flagged or listed to be
    checked, "checks" the other texts that are listed.

    Example: kingpost complaints evaluate our-mails.jsonl
    """
    import json

    from assistant.complaints import corpus, evaluating
    from assistant.complaints.shipped import assessor

    texts = list(corpus.examples(files or corpus.own("dev")))
    with console.progress(de="Beurteilt", en="Assessed") as bar:
        judged = evaluating.judged(assessor(models), texts, bar.at)
    found = evaluating.report(judged)
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        _tell(found)


@app.command()
def train(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Labelled JSON Lines; else the training part of the project's texts.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="de or en; may be given twice. Both when left out.")
    ] = None,
    with_feedback: Annotated[
        bool, typer.Option("--with-feedback", help="Move the models in use by what your staff said; takes no texts.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder to write <language>.npz to.")] = Path("complaint-models"),
) -> None:
    """Train the complaint models anew from labelled texts, or move those in use by your staff's corrections.

    Nothing that is in use changes. Look at the new models first (kingpost complaints evaluate --models FOLDER), then
    take them into use (kingpost complaints use FOLDER). The same texts give the same files. With corrections a table
    shows beforehand what they are worth: each is judged by a model that has not learned from it.

    Example: kingpost complaints train --with-feedback --out new
    """
    from assistant.complaints.shipped import LANGUAGES
    from rules.terms.errors import WrongUse

    for one in language or ():
        if one not in LANGUAGES:
            raise WrongUse(
                problem=f"There is no model for “{one}”; choose {' or '.join(LANGUAGES)}.",
                problem_de=f"Für „{one}“ gibt es kein Modell; wählen Sie {' oder '.join(LANGUAGES)}.",
            )
    if with_feedback and files:
        raise WrongUse(
            problem="Give files or --with-feedback, not both.",
            problem_de="Nennen Sie Dateien oder --with-feedback, nicht beides.",
        )
    (_move if with_feedback else partial(_train, files))(language or LANGUAGES, out)


@app.command()
def use(
    folder: Annotated[Path | None, typer.Argument(help="Folder with <language>.npz.", show_default=False)] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Go back to the models that Kingpost ships.")] = False,
) -> None:
    """Take other complaint models into use, or go back to the shipped ones.

    What they find from now on counts; what was found of mails before is looked at again in the background. What staff
    said of a mail stays.

    Example: kingpost complaints use new
    """
    from assistant.complaints.shipped import LANGUAGES
    from rules.complaints.model import Model
    from rules.terms.errors import WrongUse

    if (folder is None) is not shipped:
        raise WrongUse(problem="Give a folder, or --shipped.", problem_de="Nennen Sie einen Ordner oder --shipped.")
    own = context.settings().complaint_models
    found = {} if folder is None else {name: folder / f"{name}.npz" for name in LANGUAGES}
    found = {name: file for name, file in found.items() if file.exists()}
    if folder is not None and not found:
        raise WrongUse(problem=f"There is no model in {folder}.", problem_de=f"In {folder} liegt kein Modell.")
    for name, file in found.items():
        try:
            Model.load(file.read_bytes())
        except ValueError as error:
            raise WrongUse(problem=f"{file}: {error}", problem_de=f"{file} ist kein Modell für Beschwerden.") from error
        own.mkdir(parents=True, exist_ok=True)
        # Written beside it first: a worker that starts meanwhile reads the old one or the new one.
        beside = own / f"{name}.npz.new"
        beside.write_bytes(file.read_bytes())
        beside.replace(own / f"{name}.npz")
    if folder is None:
        for name in LANGUAGES:
            (own / f"{name}.npz").unlink(missing_ok=True)
        console.say(de="Die mitgelieferten Modelle gelten.", en="The shipped models are in use.")
    else:
        names = ", ".join(found)
        console.say(
            de=f"In Gebrauch: {names}. Zurück mit: kingpost complaints use --shipped",
            en=f"In use: {names}. Back with: kingpost complaints use --shipped",
        )


def _train(files: list[Path] | None, languages: Sequence[str], out: Path) -> None:
    """Models from labelled texts alone."""
    from assistant.complaints import corpus
    from assistant.complaints.shipped import classes, sayings
    from assistant.complaints.training import train as trained

    texts = list(corpus.examples(files or corpus.own("train")))
    for one in languages:
        chosen = [example for example in texts if example.language == one]
        with console.progress(de=f"Trainiert ({one})", en=f"Trained ({one})") as bar:
            data = trained(chosen, classes(one), bar.at, sayings=sayings(one)).dump()
        _write(out / f"{one}.npz", data, len(chosen))


def _move(languages: Sequence[str], out: Path) -> None:
    """The models in use, moved by what staff said."""
    from assistant.complaints.corpus import example_of
    from assistant.complaints.correcting import compared, corrected
    from assistant.complaints.feedback import labelled
    from assistant.complaints.shipped import assessor

    with context.pool() as (settings, pool):
        texts = [text for read in labelled(pool, settings.as_firm()) if (text := example_of(read, "pool")) is not None]
        models = assessor(settings.complaint_models)
    for one in languages:
        chosen = [example for example in texts if example.language == one]
        if not chosen:
            console.say(de=f"{one}: Es gibt noch keine Korrekturen.", en=f"{one}: there are no corrections yet.")
            continue
        judge = models.judge(one)
        both = compared(judge, chosen, one)
        heads = ("", "Anzahl", *_HEADS[0]) if console.language() == "de" else ("", "count", *_HEADS[1])
        sides = (
            (console.choose(de="bisher", en="before"), both.before),
            (console.choose(de="neu", en="after"), both.after),
        )
        rows = [(name, found.sets["all"].texts, *map(_figure, _values(found.sets["all"]))) for name, found in sides]
        console.table(heads, rows)
        _write(out / f"{one}.npz", corrected(judge.model, chosen, judge.classes).dump(), len(chosen))


def _write(file: Path, data: bytes, count: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    console.say(
        de=f"{file}: aus {count} Texten, {len(data) / 1e6:.1f} MB",
        en=f"{file}: from {count} texts, {len(data) / 1e6:.1f} MB",
    )


def _tell(found: "Report") -> None:
    """The figures as a table, then what else is known of complaints."""
    heads = ("Texte", "Anzahl", *_HEADS[0]) if console.language() == "de" else ("texts", "count", *_HEADS[1])
    rows = [(name, figures.texts, *map(_figure, _values(figures))) for name, figures in found.sets.items()]
    console.table(heads, rows)
    for de, en, value in (
        ("Schwere genau richtig", "severity exactly right", found.severity_right),
        ("Kategorie richtig", "category right", found.category_right),
        ("Zitat trifft die gekennzeichnete Stelle", "quote overlaps the labelled phrase", found.phrases),
    ):
        if value is not None:
            console.say(de=f"{de}: {_figure(value)}", en=f"{en}: {_figure(value)}")
    for counts in (found.severity, found.category):
        if counts:
            print("  ".join(f"{pair}: {count}" for pair, count in counts.items()))


def _values(figures: "Figures") -> tuple[float | None, ...]:
    return tuple(getattr(figures, name) for name in _SHOWN)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


@contextmanager
def _lines(file: Path) -> "Iterator[Iterator[str]]":
    """The lines of a file or of standard input.

    Raises:
        WrongUse: the file cannot be read.
    """
    from rules.terms.errors import WrongUse

    if str(file) == "-":
        yield iter(sys.stdin)
        return
    try:
        opened = file.open(encoding="utf-8")
    except OSError as error:
        raise WrongUse(
            problem=f"{file} cannot be read: {error.strerror}", problem_de=f"{file} ist nicht lesbar: {error.strerror}"
        ) from error
    with opened:
        yield iter(opened)
