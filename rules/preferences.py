"""How somebody likes to be addressed: what may be said of it, in the words that staff write."""

import re
from collections.abc import Mapping

from rules.terms.errors import WrongUse
from rules.terms.interaction import REACHES

ADDRESS_FORMS = ("Sie", "Du")
FIELDS = ("preferred_channel", "language", "address_form")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def checked(values: Mapping[str, str]) -> dict[str, str]:
    """The fields of a contact (FIELDS) as they are stored; "" takes one back.

    Raises:
        WrongUse: a value is none; the sentence says what would be one.
    """
    return {name: _CHECKS[name](value.strip()) for name, value in values.items()}


def _channel(value: str) -> str:
    if value and value not in REACHES:
        names = ", ".join(REACHES)
        raise WrongUse(
            problem=f"Nobody is reached by “{value[:40]}”. Choose one of {names}.",
            problem_de=f"Über „{value[:40]}“ erreicht man niemanden. Möglich sind {names}.",
        )
    return value


def _language(value: str) -> str:
    code = value.lower()
    if code and not _LANGUAGE.fullmatch(code):
        raise WrongUse(
            problem=f"“{value[:40]}” is no language code. Write its two letters (ISO 639-1), such as de or en.",
            problem_de=f"„{value[:40]}“ ist kein Sprachkürzel. Schreiben Sie zwei Buchstaben (ISO 639-1), etwa de "
            "oder en.",
        )
    return code


def _address_form(value: str) -> str:
    form = value.capitalize()
    if form and form not in ADDRESS_FORMS:
        raise WrongUse(
            problem=f"“{value[:40]}” is no form of address. Write Sie or Du.",
            problem_de=f"„{value[:40]}“ ist keine Anredeform. Schreiben Sie Sie oder Du.",
        )
    return form


_CHECKS = {"preferred_channel": _channel, "language": _language, "address_form": _address_form}
