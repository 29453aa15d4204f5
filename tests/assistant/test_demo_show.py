"""The demo gives nothing away: two passwords, and no file that others on this machine can read."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant import service
from assistant.access import Access
from assistant.bootstrap import opened_pool
from assistant.demo import server, show
from assistant.settings import Settings
from rules.terms.errors import LoginFailed


def test_the_mailboxes_password_does_not_open_the_pages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def no_server(_: Path, names: Sequence[str], password: str, __: int) -> Iterator[dict[str, server.Account]]:
        yield {name: server.Account(name, 1, name, password) for name in names}

    def serve(settings: Settings, ready: Callable[[str], None], _: object) -> None:
        with monkeypatch.context() as quiet:
            quiet.setattr(show, "_arrivals", lambda *_: None)
            ready("http://127.0.0.1:1")
        said = capsys.readouterr().out
        secret = settings.path(show.PASSWORD_FILE)
        mail_password = secret.read_text()
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert said.count(f" / {mail_password}\n") == 2
        page_password = said.partition(", password ")[2].split()[0]
        with opened_pool(settings) as pool:
            access = Access(pool)
            assert access.log_in(show.LOGIN, page_password, datetime.now(UTC))
            with pytest.raises(LoginFailed):
                access.log_in(show.LOGIN, mail_password, datetime.now(UTC))

    # The demo forgets every KINGPOST_ variable of its process; the tests after this one want them back.
    for name in [name for name in os.environ if name.startswith("KINGPOST_")]:
        monkeypatch.delenv(name)

    def nothing(*_: Any) -> None:
        pass

    monkeypatch.setattr(server, "mail_server", no_server)
    monkeypatch.setattr(server, "fill", nothing)
    monkeypatch.setattr(service, "run", serve)
    show.run(0, 0, "en")


@pytest.mark.dovecot
def test_dovecots_settings_are_closed_and_it_works_all_the_same() -> None:
    with tempfile.TemporaryDirectory(prefix="kingpost-demo-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        home.chmod(0o711)
        with server.mail_server(home, ["office"], "a-password") as accounts:
            assert stat.S_IMODE((home / "dovecot.conf").stat().st_mode) == 0o600
            client = accounts["office"].log_in()
            assert client.folder_exists("INBOX")
            client.logout()
