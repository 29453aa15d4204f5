"""Texts to start from for papers that a firm has to write itself, in German and English. They are no legal advice."""

from pathlib import Path

NAMES = ("processing-record", "impact-assessment", "works-agreement")
LANGUAGES = ("de", "en")


def paper(name: str, language: str) -> str | None:
    """One of the texts, as Markdown; None where there is none of that name."""
    if name not in NAMES or language not in LANGUAGES:
        return None
    return (Path(__file__).parent / f"{name}.{language}.md").read_text(encoding="utf-8")
