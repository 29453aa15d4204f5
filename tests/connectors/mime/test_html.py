"""HTML as text and as something that may be shown; hostile HTML costs bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mime import safe_html
from connectors.mime.html import to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>eins</p><p>zwei</p>", "eins\n\nzwei"),
        ("<div>eins</div><div><br></div><div>zwei</div>", "eins\n\nzwei"),
        ("<div>eins<br></div><div>zwei</div>", "eins\nzwei"),
        ("eins<br>zwei", "eins\nzwei"),
        ("viel   Raum\n im  Quelltext", "viel Raum im Quelltext"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<blockquote>alt<blockquote>älter</blockquote></blockquote>neu", "> alt\n\n> > älter\n\nneu"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("a<span style='display: none'>geheim</span>b", "ab"),
        ("a<span style='font-size:0px'>geheim</span>b<span style='font-size:0.9em'>c</span>", "abc"),
        ("<script>x</script><style>y</style><title>z</title>Text", "Text"),
        ("a &amp; b &lt;c&gt; &auml;&nbsp;d", "a & b <c> ä\xa0d"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_a_reader_sees(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize("tag", ["div", "blockquote", "table", "b", "p", "li", "span style='x'"])
def test_deep_nesting_costs_bounded_time(tag: str) -> None:
    html = f"<{tag}>" * 100_000 + "Text"
    start = time.process_time()
    assert "Text" in to_text(html)
    assert "Text" in safe_html(html)
    assert time.process_time() - start < 2.5


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/abdp brliv=\"'&;!-\n", max_size=400))
def test_any_markup_becomes_text(html: str) -> None:
    to_text(html)
    safe_html(html)


def test_nothing_is_loaded_from_elsewhere() -> None:
    shown = safe_html(
        "<img src='https://spion.example/x.png' alt='Logo'><img src='cid:logo'><link rel=stylesheet href='//x'>"
        "<div style='background:url(https://x)'>Text</div><script>x()</script>"
        "<a href='javascript:x()' onclick='x()'>k</a>"
        "<a href='https://example.org'>gut</a><iframe src='https://x'></iframe><svg><image href='https://x'/></svg>"
    )
    assert "spion" not in shown
    assert "url(" not in shown
    assert "script" not in shown
    assert "onclick" not in shown
    assert "//x" not in shown
    assert 'alt="Logo"' in shown
    assert 'src="cid:logo"' in shown
    assert 'href="https://example.org"' in shown


HEADERS = "<b>Xorga:</b> Jane &lt;jane@roe.example&gt;<br><b>Zendu:</b> 28.10.2021 12:46<br><b>Temik:</b> Pump<br>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # Gmail's attribution belongs to the quotation; answers between quotations are the writer's.
        (
            "Ja.<div class=gmail_quote><div class=gmail_attr>Zorka Jane:<br></div>"
            "<blockquote class=gmail_quote>Eins?</blockquote>Nein.<blockquote>Zwei?</blockquote></div>",
            "Ja.\n\n> Zorka Jane:\n\n> Eins?\n\nNein.\n\n> Zwei?",
        ),
        (
            "<p>Ja.</p><div class=moz-cite-prefix>Zorka:</div><blockquote type=cite>Alt</blockquote>",
            "Ja.\n\n> Zorka:\n\n> Alt",
        ),
        (
            "Ja.<div class=protonmail_quote>Zorka:<br><blockquote type=cite>Alt</blockquote></div>",
            "Ja.\n\n> Zorka:\n\n> Alt",
        ),
        ("Ja.<div class=ydp1yahoo_quoted>Zorka Jane<div>Alt</div></div>", "Ja.\n\n> Zorka Jane\n> Alt"),
        ("Ja.<div name=quote>Zorka<div name=quoted-content>Alt</div></div>", "Ja.\n\n> Zorka\n> Alt"),
        # Indented by the writer.
        ("Liste:<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>a</blockquote>", "Liste:\n\na"),
    ],
)
def test_what_programs_name_a_quotation_is_one(html: str, text: str) -> None:
    assert to_text(html) == text


@pytest.mark.parametrize(
    "opening",
    [
        "<div id=divRplyFwdMsg>",
        "<div class=OutlookMessageHeader>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt 0 0 0'>",
        "<div style='border:none;border-top:solid #B5C4DF 1.0pt'>",
    ],
)
def test_header_lines_stand_below_a_line_and_are_no_quotation(opening: str) -> None:
    assert to_text(f"Ja.{opening}{HEADERS}</div>Alt").split("\n\n")[:2] == ["Ja.", "_" * 32]
    assert ">" not in to_text(f"Ja.<div name=quote>{HEADERS}Alt</div>").replace("<jane@roe.example>", "")


@pytest.mark.parametrize(
    "name", ["name=quote", "class=zmail_extra", "class=gmail_attr", "style='border-top:solid #EEE 1pt'"]
)
def test_hostile_quotations_cost_bounded_time(name: str) -> None:
    start = time.process_time()
    to_text(f"<div {name}>" * 390 + "<b></b>" * 100_000 + "<blockquote>x</blockquote>")
    assert time.process_time() - start < 2.5
