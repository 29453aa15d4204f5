"""What all tests share: servers that are missing are said once at the end, and soak runs wait to be asked for."""

import os

import pytest

from tests.servers import dovecot, postfix, postgres

# How to get what a marked test needs; one closing paragraph names them all.
REMEDIES = {
    "dovecot": "Dovecot (Debian: apt-get install dovecot-imapd dovecot-lmtpd)",
    "postgres": f"PostgreSQL 15 or later (Debian: apt-get install postgresql), or {postgres.OFFERED}=postgresql://…",
    "browser": "Chromium (Debian: apt-get install chromium)",
    "postfix": "Postfix, and to be root for it (Debian: apt-get install postfix)",
    "corpus": "a folder of foreign test mails with expected.jsonl, named by KINGPOST_CORPUS",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave soak runs out unless -m asks for them; skip what needs a server that is not here."""
    if "soak" not in (config.option.markexpr or ""):
        soak = [item for item in items if item.get_closest_marker("soak")]
        if soak:
            config.hook.pytest_deselected(items=soak)
            items[:] = [item for item in items if item not in set(soak)]
    lacking = {marker: reason for marker, reason in _lacking().items() if reason}
    for item in items:
        for marker, reason in lacking.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one paragraph what was left out and how to get it."""
    skipped = terminalreporter.stats.get("skipped", [])
    whole = {reason: REMEDIES[marker] for marker, reason in _lacking().items() if reason}
    # Mail programs are looked for one by one, by the tests that need them.
    reasons = (report.longrepr[2].removeprefix("Skipped: ") for report in skipped if isinstance(report.longrepr, tuple))
    lacking = list(dict.fromkeys((*whole.values(), *(whole.get(reason, reason) for reason in reasons))))
    if skipped and lacking:
        terminalreporter.section("left out")
        terminalreporter.write_line(
            f"{len(skipped)} tests were left out because this machine lacks: {'; '.join(lacking)}. "
            "Everything else was tested. Install them and run the same command again."
        )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be left out (KINGPOST_NO_SKIP=1, as in CI), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("KINGPOST_NO_SKIP") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _lacking() -> dict[str, str]:
    """Why tests with a marker cannot run here; "" where they can."""
    from tests.browser import missing as no_browser

    corpus = os.environ.get("KINGPOST_CORPUS")
    return {
        "dovecot": dovecot.missing() or "",
        "postgres": postgres.missing() or "",
        "browser": no_browser() or "",
        "postfix": postfix.missing(),
        "corpus": "" if corpus else "KINGPOST_CORPUS names no folder",
    }
