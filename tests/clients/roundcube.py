"""A private Roundcube for tests: Debian's program, a configuration, an SQLite file and plugins of its own, `php -S`."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers.dovecot import Dovecot, free_ports

PROGRAM = Path("/usr/share/roundcube")
PUBLIC = Path("/var/lib/roundcube/public_html")
CONFIG = """<?php
$config['db_dsnw'] = 'sqlite:///{folder}/roundcube.sqlite?mode=0640';
$config['imap_host'] = 'localhost:{imap}';
$config['smtp_host'] = 'localhost:1';
$config['language'] = '{language}';
$config['des_key'] = 'abcdefghijklmnopqrstuvwx';
$config['plugins'] = ['kingpost'];
$config['skin'] = 'elastic';
$config['log_dir'] = '{folder}/logs';
$config['temp_dir'] = '{folder}/temp';
$config['mime_types'] = '/etc/mime.types';
"""


def missing() -> str:
    """Why Roundcube cannot be used here; "" when it can."""
    if shutil.which("php") and PUBLIC.is_dir():
        return ""
    return "Roundcube is not installed (Debian: apt-get install roundcube-core roundcube-sqlite3 php-cli php-sqlite3)"


@contextmanager
def roundcube(folder: Path, server: Dovecot, plugin: Path, *, language: str = "de_DE") -> Iterator[str]:
    """A running Roundcube with the plugin of that folder; its address comes back."""
    home = folder / "roundcube"
    for name in ("public_html", "plugins", "config", "logs", "temp"):
        (home / name).mkdir(parents=True)
    for name in ("program", "skins", "SQL", "index.php"):
        (home / name).symlink_to(PROGRAM / name)
    shutil.copy(PUBLIC / "index.php", home / "public_html" / "index.php")
    (home / "public_html" / "program").symlink_to(PUBLIC / "program")
    (home / "public_html" / "skins").symlink_to(PROGRAM / "skins")
    (home / "public_html" / "plugins").symlink_to(home / "plugins")
    for name in ("jqueryui", "filesystem_attachments"):
        (home / "plugins" / name).symlink_to(PROGRAM / "plugins" / name)
    shutil.copytree(plugin, home / "plugins" / "kingpost")
    for name in ("defaults.inc.php", "mimetypes.php"):
        shutil.copy(Path("/etc/roundcube") / name, home / "config" / name)
    config = CONFIG.format(folder=home, imap=server.port, language=language)
    (home / "config" / "config.inc.php").write_text(config)
    with sqlite3.connect(home / "roundcube.sqlite") as database:
        database.executescript((PROGRAM / "SQL" / "sqlite.initial.sql").read_text())
    database.close()
    [port] = free_ports(1)
    with _served(home, port, {"ROUNDCUBE_CONFIG_DIR": f"{home}/config", "PHP_CLI_SERVER_WORKERS": "4"}):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _served(home: Path, port: int, env: Mapping[str, str]) -> Iterator[None]:
    with (home / "php.log").open("wb") as log:
        process = subprocess.Popen(
            ["php", "-d", "opcache.enable=0", "-S", f"127.0.0.1:{port}", "-t", str(home / "public_html")],
            env=os.environ | env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 20
            while not _answers(port):
                assert process.poll() is None, (home / "php.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
