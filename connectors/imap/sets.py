"""Sequence sets (RFC 3501): `1:5,7` on the wire, numbers and ranges here."""

from collections.abc import Iterable, Iterator


def compress(numbers: Iterable[int]) -> bytes:
    """The shortest set that names exactly these ascending numbers."""
    parts: list[str] = []
    first = last = 0
    for number in numbers:
        if number == last + 1 and last:
            last = number
            continue
        if last:
            parts.append(f"{first}:{last}" if last > first else str(first))
        first = last = number
    if last:
        parts.append(f"{first}:{last}" if last > first else str(first))
    return ",".join(parts).encode()


def ranges(text: bytes) -> list[range]:
    """The ranges that a set names. ValueError when it is none."""
    found = []
    for part in text.split(b","):
        low, colon, high = part.partition(b":")
        first, last = int(low), int(high if colon else low)
        found.append(range(min(first, last), max(first, last) + 1))
    return found


def chunks(numbers: list[int], size: int) -> Iterator[list[int]]:
    """The numbers in portions of at most `size`."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
