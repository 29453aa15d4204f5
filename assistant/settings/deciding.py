"""How mail is read and judged, what customers are worth, what becomes a case, what is imported."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator
from rapidfuzz import process

from assistant.settings.section import Lower, Section
from rules.terms.case import Priority
from rules.terms.complaint import Category
from rules.terms.customer import PartyKind
from rules.terms.mail import Verdict
from rules.terms.table import TableKind
from rules.terms.worth import BusinessModel


class ReadingSettings(Section):
    """[reading]: the worker processes that read mail."""

    workers: int = Field(2, ge=1, le=64, description="How many worker processes.")
    deadline: float = Field(5.0, ge=0.5, le=120, description="Seconds for one mail; then it goes to quarantine.")
    memory: int = Field(1_000_000_000, ge=300_000_000, description="Bytes of address space for one worker.")


class MatchingSettings(Section):
    """[matching]: how much each piece of evidence says, where yours differs from the table in docs/matching.md."""

    weights: Mapping[str, float] = Field(
        default_factory=dict,
        description="Weights in log-odds by the names of that table, for example {phone = 2.5, place = 0.5}; "
        "0 switches a piece of evidence off.",
    )

    @field_validator("weights")
    @classmethod
    def _known_weights(cls, value: Mapping[str, float]) -> Mapping[str, float]:
        from rules.matching.weights import TABLE

        for name, weight in value.items():
            if name not in TABLE:
                near = process.extractOne(name, list(TABLE), score_cutoff=60)
                hint = f"; did you mean “{near[0]}”?" if near else ""
                raise ValueError(f"there is no evidence called “{name}”{hint}")
            if (weight < 0) != (TABLE[name].weight < 0) and weight:
                raise ValueError(f"“{name}” speaks {'against' if weight > 0 else 'for'} a customer; turn the sign")
        return value


class ComplaintSettings(Section):
    """[complaints]: what finds complaints in mail."""

    models: str = Field(
        "kingpost-data/complaints",
        description="Folder (relative to kingpost.toml) of the firm's own weights, made by “kingpost complaints "
        "train”. Where it holds some for a language, they take the place of those that come with Kingpost.",
    )


class ValueSettings(Section):
    """[value]: what a customer is worth (docs/value.md)."""

    business_model: BusinessModel = Field(
        BusinessModel.REPEAT,
        description="How your customers come back: “repeat” (they order again of themselves), “projects” (machines, "
        "buildings, events), “contracts” (rent, maintenance, subscription).",
    )
    currency: str = Field(
        "EUR",
        description="The currency in which customers are compared; orders in others stay out of it.",
        pattern="^[A-Z]{3}$",
    )
    margin: float | None = Field(
        None, gt=0, le=1, description="Your usual margin, for example 0.3, for orders that bring none of their own."
    )
    discount_rate: float = Field(0.1, ge=0, le=1, description="By how much money of a year later is worth less.")
    horizon_days: int = Field(730, ge=30, le=3653, description="How far a lifetime value looks ahead.")
    persons: bool = Field(False, description="Whether private persons are scored too.")


class TriageSettings(Section):
    """[[triage]]: a line of your own table of what becomes a case; the first that holds decides. Danger, law and data
    protection always come before it. With no line, the table in docs/triage.md holds. What a line leaves out is not
    asked.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    queue: str = Field("complaints", description="In which queue the case goes.", min_length=1, max_length=40)
    priority: Priority = Field(Priority.NORMAL, description="How soon it is looked at.")
    within: float = Field(8.0, gt=0, le=1000, description="Business hours until the first answer.")
    because: str = Field(description="The reason staff read.", min_length=1, max_length=200)
    complaint: bool | None = Field(None, description="Only complaints (true), or only what is none (false).")
    severity: int = Field(0, ge=0, le=3, description="At least so grave.")
    categories: tuple[Category, ...] = Field((), description="About one of these.")
    acts: tuple[str, ...] = Field(
        (), description="Words of the mail do one of these: safety, legal, privacy, repeated, broken-promise, leaving …"
    )
    verdicts: tuple[Verdict, ...] = Field((), description="What our mail server says of the sender: pass, none.")
    party: tuple[PartyKind, ...] = Field((), description="Whoever writes is one of these to you.")
    king: bool | None = Field(None, description="Only king customers (true), or only others (false).")
    value_classes: tuple[Literal["A", "B", "C"], ...] = Field((), description="By contribution one of these.")
    open_cases: int = Field(0, ge=0, description="The customer has at least so many pending cases.")
    languages: tuple[Lower, ...] = Field((), description="Written in one of these, for example en.")
    mailboxes: tuple[str, ...] = Field((), description="It lies in one of these mailboxes.")
    waiting: float = Field(0.0, ge=0, description="Nobody has answered for so many business hours.")


class ImportFolderSettings(Section):
    """[[import_folder]]: a folder into which another program lays its tables. They are imported when they are complete,
    in the order of these tables, and moved to “done” or “failed” in it, with a report beside them.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    folder: str = Field(description="The folder; relative to kingpost.toml.", min_length=1)
    kind: TableKind = Field(description="Which table its files are.")
    pattern: str = Field("*", description="Which files are meant, for example orders-*.csv.", pattern=r"^[^/\\]+$")
    map: Mapping[str, str] = Field(
        default_factory=dict, description='Columns of the files by our names, for example {customer_no = "Debitor"}.'
    )
    after: Literal["move", "delete"] = Field(
        "move", description="What becomes of an imported file: it is moved to “done”, or deleted."
    )
