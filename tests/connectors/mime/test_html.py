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
