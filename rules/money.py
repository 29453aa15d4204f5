"""Amounts as people write them in their language."""

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
_THOUSANDS = str.maketrans({",": ".", ".": ","})


def money(cents: int, currency: str, language: str) -> str:
    """An amount with its currency: "1.234,50 €" in German, "€1,234.50" in English; other currencies by their code."""
    sign, number = "-" if cents < 0 else "", f"{abs(cents) // 100:,}.{abs(cents) % 100:02}"
    symbol = _SIGNS.get(currency)
    if language == "de":
        return f"{sign}{number.translate(_THOUSANDS)} {symbol or currency}"
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency} {number}"


def rounded(cents: int, currency: str, language: str) -> str:
    """The same at a glance: nothing and what is a hundred or more without cents."""
    if 0 < abs(cents) < 100_00:
        return money(cents, currency, language)
    return money(round(cents, -2), currency, language).replace(",00" if language == "de" else ".00", "")
