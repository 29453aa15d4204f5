"""Letters without diacritics: the two ways in which umlauts are written where they cannot be typed."""

import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_BARE = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """Lower case without diacritics, umlauts as two letters: "Müßig" → "muessig"."""
    if text.isascii():
        return text.lower()
    return _stripped(unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS), _LETTERS)


def folds(text: str) -> frozenset[str]:
    """Both ways umlauts are written without them: "Müller" → "mueller" and "muller"."""
    if text.isascii():
        return frozenset((text.lower(),))
    return frozenset((fold(text), _stripped(unicodedata.normalize("NFC", text).lower(), _BARE)))


def _stripped(text: str, letters: dict[int, str]) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower().translate(letters)
