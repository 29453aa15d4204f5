"""The commands for consents: what a customer and their people agreed to, one word at a time."""

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from enum import StrEnum

    from assistant.consenting import Consenting
    from rules.terms.staff import Viewer

app = typer.Typer(
    no_args_is_help=True, help="Consents: who agreed to advertising by which way, and who took that back."
)

Customer = Annotated[str, typer.Argument(help="Id of the customer.")]
For = Annotated[
    str,
    typer.Argument(
        metavar="PURPOSE",
        help="post, email or phone: advertising by it; opens: measuring whether mailings are opened.",
    ),
]
By = Annotated[str, typer.Option("--way", help="How they said so: form, letter, contract, email or spoken.")]
Who = Annotated[str, typer.Option("--contact", help="Id of the person who said so; else the customer as a whole.")]
Day = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day on which they said so; else today.")
]
Proof = Annotated[str, typer.Option("--source", help="Where it is to be found: the form's name, the letter's date …")]


@app.command("list")
def list_consents(customer: Customer) -> None:
    """List every word that a customer and their people said, the newest first; “✓” marks those that count.

    Without any word advertising by post is allowed, by e-mail and telephone it is not (§ 7 UWG). A person's own word
    goes before that of the customer as a whole, and an objection to advertising before all of them.

    Example: kingpost consent list K-1001
    """
    from assistant.restricting import used
    from assistant.web.texts import t
    from rules.consents import as_existing_customer, deciding, words_of
    from rules.terms.consent import Purpose

    with _consenting() as (consenting, viewer, _):
        found = consenting.of(viewer, customer)
        names, objects = _beside(consenting, viewer, customer)
        with consenting.pool.read() as work:
            bought = consenting.mailed_as_existing(work, used(work, viewer, customer))
    language, words = console.language(), words_of(found)
    rows = [
        (
            "✓" if deciding(words, one.purpose, one.contact_id) == one else "",
            one.date.isoformat(),
            names.get(one.contact_id, one.contact_id),
            t(language, f"consents.purpose_{one.purpose}"),
            t(language, "consents.given" if one.given else "consents.withdrawn"),
            t(language, f"consents.way_{one.way}"),
            one.source or "–",
            one.author or "–",
        )
        for one in found
    ]
    german = language == "de"
    heads = (
        ("", "Tag", "Wer", "Wofür", "Was", "Form", "Beleg", "Von")
        if german
        else ("", "day", "who", "what for", "word", "way", "proof", "by")
    )
    existing = as_existing_customer(words, Purpose.EMAIL, bought=bought) and not objects
    if rows:
        console.table(heads, rows)
    elif not existing and not objects:
        console.note(de=t("de", "consents.none"), en=t("en", "consents.none"))
    if existing:
        console.note(
            de=f"{t('de', 'consents.existing')} {t('de', 'consents.existing_text')}",
            en=f"{t('en', 'consents.existing')} {t('en', 'consents.existing_text')}",
        )
    if objects:
        _note_objection()


@app.command()
def put(customer: Customer, purpose: For, way: By, contact: Who = "", date: Day = None, source: Proof = "") -> None:
    """Write down that somebody agreed. Nothing that was said before is overwritten; the newest word counts.

    A consent has to be proved, so say where the proof is (--source). Many at once: kingpost import consents FILE.

    Example: kingpost consent put K-1001 email --way form --contact P-17 --date 2026-11-03 --source "newsletter form"
    """
    _say(customer, purpose, way, contact, date, source, given=True)


@app.command()
def withdraw(
    customer: Customer, purpose: For, way: By, contact: Who = "", date: Day = None, source: Proof = ""
) -> None:
    """Write down that somebody took a consent back, or refused from the beginning. The consent stays as history.

    Who wants no advertising at all, by whatever way: kingpost no-advertising K-1001

    Example: kingpost consent withdraw K-1001 email --way email --contact P-17 --source "mail of 22 Nov"
    """
    _say(customer, purpose, way, contact, date, source, given=False)


def _say(
    customer: str, purpose: str, way: str, contact: str, date: datetime | None, source: str, *, given: bool
) -> None:
    from assistant.web.texts import t
    from rules.terms.consent import Consent, Purpose, Way

    _check("purpose", "Zweck", purpose, Purpose)
    _check("way", "Form", way, Way)
    with _consenting() as (consenting, viewer, today):
        day = date.date() if date else today
        said = Consent(customer, Purpose(purpose), given, day, Way(way), datetime.now(UTC), contact, source)
        made = consenting.say(viewer, said, today)
        names, objects = _beside(consenting, viewer, made.customer_id)
    who, word = names[made.contact_id], "consents.given" if given else "consents.withdrawn"
    what = f"consents.purpose_{purpose}"
    console.say(
        de=f"{who}, {t('de', what)}: {t('de', word)} am {made.date:%d.%m.%Y}.",
        en=f"{who}, {t('en', what)}: {t('en', word)} on {made.date:%Y-%m-%d}.",
    )
    if objects:
        _note_objection()


@contextmanager
def _consenting() -> "Iterator[tuple[Consenting, Viewer, date]]":
    from zoneinfo import ZoneInfo

    from assistant.consenting import Consenting

    with context.pool() as (settings, pool):
        today = datetime.now(ZoneInfo(settings.firm.time_zone)).date()
        consenting = Consenting(pool, existing=settings.firm.mail_existing_customers)
        yield consenting, context.author(pool), today


def _beside(consenting: "Consenting", viewer: "Viewer", customer: str) -> tuple[dict[str, str], bool]:
    """Names of the people by id, "" for the customer as a whole; whether they object to advertising."""
    from assistant.restricting import used
    from assistant.web.texts import t
    from rules.terms.worth import Bar

    with consenting.pool.read() as work:
        id = used(work, viewer, customer)
        names = {one.id: one.name for one in work.customers.contacts_of(id)}
        objects = Bar.OBJECTION in work.decisions.bars([id]).get(id, ())
    return names | {"": t(console.language(), "consents.whole")}, objects


def _note_objection() -> None:
    from assistant.web.texts import t

    console.note(de=t("de", "consents.objects"), en=t("en", "consents.objects"))


def _check(english: str, german: str, word: str, known: "type[StrEnum]") -> None:
    """Whether a word is one of ours.

    Raises:
        WrongUse: it is not; the sentence names those that are.
    """
    from rules.terms.errors import WrongUse

    if word not in set(known):
        names = ", ".join(known)
        raise WrongUse(
            problem=f"“{word}” is no {english}. Known: {names}.",
            problem_de=f"„{word}“ ist hier nicht bekannt ({german}). Bekannt: {names}.",
        )
