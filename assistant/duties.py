"""What a process can be there for. One does everything; on PostgreSQL several can share the duties."""

from enum import StrEnum

from rules.terms.errors import WrongUse


class Duty(StrEnum):
    """What a process can be there for (`kingpost run --only`)."""

    WEB = "web"
    WATCH = "watch"
    WORK = "work"
    SCHEDULE = "schedule"


def duties(named: str) -> frozenset[Duty]:
    """The duties in a list such as “web,watch”.

    Raises:
        WrongUse: there is no such duty, or none is named.
    """
    words = {word.strip() for word in named.split(",")} - {""}
    known = ", ".join(Duty)
    if not words or not words <= set(Duty):
        raise WrongUse(
            problem=f"--only takes some of {known}, separated by commas, not “{named}”.",
            problem_de=f"--only erwartet einige von {known}, durch Kommas getrennt, nicht „{named}“.",
        )
    return frozenset(map(Duty, words))
