"""What is stored of employees: for all to read, one's own to take along, and papers to start from."""

import json
import re
from collections.abc import Iterator

import pytest

from assistant.privacy_papers import LANGUAGES, NAMES, paper
from assistant.web.texts import t
from storage.staff_data import Purpose
from tests.assistant.web.house import House

PAGE = "/settings/stored"


def test_every_purpose_is_told_with_its_columns_and_that_nothing_measures(firm: House) -> None:
    with firm.client("anna") as client:
        text = client.get(PAGE, headers={"accept-language": "de"}).text
    for purpose in Purpose:
        for part in ("title", "what", "why", "seen"):
            assert t("de", f"staff_data.{purpose.value}_{part}") in text
    assert "password_hash" in text
    assert t("de", "staff_data.unmeasured") in text


def test_everybody_sees_and_takes_along_their_own_and_nobody_elses(firm: House) -> None:
    with firm.client("anna") as client:
        page = client.get(PAGE).text
        answer = client.get(f"{PAGE}/export")
    assert "Anna Arndt" in page
    assert "Berta Bach" not in page + answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="kingpost-anna-')
    told = json.loads(answer.content)
    assert (told["kingpost_staff_export"], told["login"]) == (1, "anna")
    assert told["stored"]["account"]["staff"][0]["name"] == "Anna Arndt"
    assert [row["name"] for row in told["stored"]["mailbox"]["mailboxes"]] == ["anna"]
    assert "argon2" not in answer.text


def test_papers_are_there_in_both_languages_and_say_that_they_are_no_legal_advice(firm: House) -> None:
    with firm.client("anna") as client:
        page = client.get(PAGE).text
        for name in NAMES:
            for language in LANGUAGES:
                there = f"{PAGE}/papers/{name}.{language}"
                assert f'href="{there}"' in page
                text = client.get(there).content.decode()
                assert text == paper(name, language)
                assert ("keine Rechtsberatung" if language == "de" else "no legal advice") in " ".join(text.split())
                assert text.count("【") == text.count("】") > 10
        for wrong in ("works-agreement.fr", "works-agreement", "../access.de", "works-agreement.de.md"):
            assert client.get(f"{PAGE}/papers/{wrong}").status_code == 404


def test_both_languages_of_a_paper_have_the_same_parts() -> None:
    for name in NAMES:
        german, english = (paper(name, language) or "" for language in LANGUAGES)
        numbered = re.compile(r"^## (?:§ )?\d+", re.MULTILINE)
        assert numbered.findall(german) == numbered.findall(english) != []
        assert german.count("\n|") == english.count("\n|")


@pytest.fixture(scope="module")
def pages() -> Iterator[object]:
    playwright = pytest.importorskip("playwright")
    del playwright
    from tests.assistant.web.browsing import chromium

    with chromium() as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize(("size", "scheme", "language"), [("desktop", "light", "de"), ("phone", "dark", "en")])
def test_the_page_is_readable_for_everybody(
    pages: object, tmp_path_factory: pytest.TempPathFactory, size: str, scheme: str, language: str
) -> None:
    from tests.assistant.web.browsing import served, visitor
    from tests.assistant.web.test_without_file_browser import checked

    with (
        served(tmp_path_factory.mktemp("site")) as site,
        visitor(pages, site, size=size, scheme=scheme, language=language) as page,  # type: ignore[arg-type]
    ):
        page.goto(f"{site.base}{PAGE}")
        checked(page, f"stored-{size}")
