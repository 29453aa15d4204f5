"""HTML made harmless: nothing runs, nothing is loaded, and a small mail stays small."""

import pytest

from connectors.mime import safe_html


def test_what_people_write_stays() -> None:
    assert "<b>Angebot</b>" in safe_html("<p>Ihr <b>Angebot</b> vom 3.</p>")


@pytest.mark.parametrize(
    "evil",
    [
        "<script>x()</script>",
        "<p onclick=x()>a</p>",
        '<a href="javascript:x()">a</a>',
        '<img src="https://boese.example/zaehler.gif">',
        '<iframe src="https://boese.example"></iframe>',
        "<style>p{background:url(https://boese.example)}</style>",
        '<form action="https://boese.example"><input></form>',
        '<svg><a xlink:href="javascript:x()">a</a></svg>',
    ],
)
def test_nothing_runs_and_nothing_is_loaded(evil: str) -> None:
    shown = safe_html(f"<p>Text</p>{evil}")
    assert "Text" in shown
    for word in ("script", "onclick", "boese.example/zaehler", "iframe", "style", "form", "xlink"):
        assert word not in shown


@pytest.mark.parametrize(
    "bomb", ["<p>" + "<font color=i>" * 190 + "</p>" + "<p>x" * 5000, "<b>" * 3000 + "<p>x" * 3000]
)
def test_formatting_left_open_does_not_multiply(bomb: str) -> None:
    assert len(safe_html(bomb)) < 4 * len(bomb) + 100_000
