"""The documentation says what the product does: every setting and command is in it, and it can be followed."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from assistant.cli.app import app
from assistant.settings import load
from connectors.importers.vocabulary import NAMES, REQUIRED
from scripts import configuration
from storage.exporting import SECTIONS

HOME = Path(__file__).parent.parent
PAGES = [HOME / "README.md", *sorted((HOME / "docs").glob("*.md"))]


def commands() -> list[tuple[str, str]]:
    """Every command with its help."""

    def walk(command: typer.core.TyperGroup | object, words: tuple[str, ...]) -> list[tuple[str, str]]:
        children = getattr(command, "commands", None)
        if children:
            return [found for name, child in children.items() for found in walk(child, (*words, name))]
        return [(" ".join(words), str(getattr(command, "help", "") or ""))]

    return walk(get_command(app), ("kingpost",))


def test_the_configuration_page_is_complete() -> None:
    """Run scripts/configuration.py when this fails."""
    assert (HOME / "docs" / "configuration.md").read_text(encoding="utf-8") == configuration.page()


def test_every_setting_is_described() -> None:
    assert "None |" not in configuration.page()


@pytest.mark.parametrize(("command", "text"), commands(), ids=lambda value: value if "\n" not in value else "")
def test_the_help_of_every_command_shows_an_example(command: str, text: str) -> None:
    assert "Example: kingpost" in text, command


def test_every_command_is_in_the_documentation() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for command, _ in commands():
        assert command in text, f"{command} is documented nowhere"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#]*)#?([^)]*)\)", page.read_text(encoding="utf-8")):
        file = page.parent / target if target else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in anchors, f"{page.name} links to {target}#{anchor}"


def test_every_list_of_an_export_is_named() -> None:
    page = (HOME / "docs" / "privacy.md").read_text(encoding="utf-8")
    paragraph = page[page.index("`export.json` holds") :].partition("\n\n")[0]
    assert {section.name for section in SECTIONS} <= set(re.findall(r"`(\w+)`", paragraph))


@pytest.mark.parametrize("kind", NAMES)
def test_every_table_is_documented_with_its_columns(kind: str) -> None:
    page = (HOME / "docs" / "records.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {kind} \| (.*) \|$", page, re.MULTILINE)
    named = set(re.findall(r"[a-z_0-9]+", re.sub(r"\([^)]*\)", "", row)))
    fields = {line.partition("=")[0].strip() for line in NAMES[kind].splitlines() if "=" in line}
    # A private customer's name may come in two columns.
    assert fields - {"first_name", "last_name"} <= named
    assert set(re.findall(r"\*\*(\w+)\*\*", row)) == set(REQUIRED[kind])


def test_settings_shown_in_the_documentation_are_valid(tmp_path: Path) -> None:
    for page in PAGES:
        for number, block in enumerate(re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)):
            tomllib.loads(block)
            file = tmp_path / f"{page.stem}-{number}.toml"
            file.write_text(block, encoding="utf-8")
            load(file)
