"""Debian's Chromium, driven by playwright; nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

# A busy machine gets time; what has to be quick says so itself.
expect.set_options(timeout=20_000)

# A closed network must not be asked for updates, sync and the like.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing() -> str:
    """Why there can be no browser; "" when there can."""
    return "" if _program() else "Chromium is not installed (Debian: apt-get install chromium)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")
