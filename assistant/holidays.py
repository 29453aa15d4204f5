"""The working days of the firm: which days are public holidays where it lives."""

from collections.abc import Callable
from datetime import date
from functools import cache


def check_region(region: str) -> None:
    """That public holidays of a region are known.

    Raises:
        ValueError: there is no such country or part of one.
    """
    if region:
        _holidays(region)


def is_holiday_in(region: str) -> Callable[[date], bool]:
    """Whether a day is a public holiday there; "" knows none."""
    return (lambda day: day in _holidays(region)) if region else (lambda day: False)


@cache
def _holidays(region: str):  # type: ignore[no-untyped-def]
    # Imported for those who set deadlines only.
    from holidays import country_holidays

    country, _, part = region.partition("-")
    try:
        return country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise ValueError(f"no holidays are known of “{region}”; write for example DE-BY, AT or CH-ZH") from error
