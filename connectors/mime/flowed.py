"""Text with soft line breaks (RFC 3676): lines that end in a space go on in the next one."""

import re

_QUOTED = re.compile(r"(>*) ?(.*)", re.DOTALL)
_SIGNATURE = "-- "


def unflowed(text: str, *, delete_space: bool) -> str:
    """Paragraphs in one line each, quotations marked by "> " for each level.

    Args:
        text: as it came, with plain line ends.
        delete_space: whether the space before a soft break was put there for it (languages without spaces).
    """
    lines: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        found = _QUOTED.fullmatch(line)
        signs, words = (len(found[1]), found[2]) if found else (0, line)
        if paragraph and (signs != depth or words in ("", _SIGNATURE)):
            # A soft break before another level, or before nothing, is a mistake of the sender's program (4.5).
            lines.append(_line(depth, paragraph))
            paragraph = []
        depth = signs
        soft = words.endswith(" ") and words != _SIGNATURE
        paragraph.append(words[:-1] if soft and delete_space else words)
        if not soft:
            lines.append(_line(depth, paragraph))
            paragraph = []
    if paragraph:
        lines.append(_line(depth, paragraph))
    return "\n".join(lines)


def _line(depth: int, words: list[str]) -> str:
    text = "".join(words)
    return f"{'> ' * depth}{text}" if text.strip() or not depth else "> " * depth
