"""What is wrong with a row or a cell, told in both languages."""


class Problem(Exception):
    """A reason why a row is left out; the row is listed with it and the next one is read."""

    def __init__(self, en: str, de: str) -> None:
        super().__init__(en)
        self.en = en
        self.de = de


def shown(value: object) -> str:
    """A cell's content as it may be repeated in an English sentence: short, on one line."""
    return f"“{_short(value)}”"


def quoted(value: object) -> str:
    """The same for a German sentence."""
    return f"„{_short(value)}“"


def _short(value: object) -> str:
    text = " ".join(str(value)[:1000].split())
    return text if len(text) <= 38 else text[:37] + "…"
