"""How a word sounds to a German ear: Kölner Phonetik, used to find candidates only, never as evidence.

H. J. Postel: Die Kölner Phonetik. IBM-Nachrichten 19 (1969), 925-931.
"""

from functools import lru_cache

_PLAIN = {
    **dict.fromkeys("aeijouy", "0"),
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"),
    **dict.fromkeys("mn", "6"),
    **dict.fromkeys("sz", "8"),
    "b": "1",
    "l": "5",
    "r": "7",
}
_LONGEST = 60


@lru_cache(maxsize=50_000)
def cologne(word: str) -> str:
    """The code of a folded word (a–z; see rules.folding.fold). What has no Latin letter keeps its own spelling."""
    letters = [letter for letter in word[:_LONGEST] if "a" <= letter <= "z"]
    if not letters:
        return word[:_LONGEST]
    code: list[str] = []
    before = ""
    for number, letter in enumerate(letters):
        after = letters[number + 1] if number + 1 < len(letters) else ""
        for digit in _digits(letter, before, after, first=number == 0):
            if not code or code[-1] != digit:
                code.append(digit)
        # H says nothing, not even between two equal sounds.
        before = letter
    return "".join(code[:1] + [digit for digit in code[1:] if digit != "0"])


def _digits(letter: str, before: str, after: str, *, first: bool) -> str:
    if letter == "h":
        return ""
    if letter == "p":
        return "3" if after == "h" else "1"
    if letter in "dt":
        return "8" if after and after in "csz" else "2"
    if letter == "x":
        return "8" if before and before in "ckq" else "48"
    if letter == "c":
        return _c(before, after, first=first)
    return _PLAIN[letter]


def _c(before: str, after: str, *, first: bool) -> str:
    hard = bool(after) and after in ("ahkloqrux" if first else "ahkoqux")
    return "4" if hard and not (before and before in "sz") else "8"
