"""A private PostgreSQL for tests: started once, a database for each test, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

OFFERED = "KINGPOST_TEST_POSTGRES"


class Postgres:
    """A server on which databases can be made. `url` names one that exists."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = count()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of an empty database."""
        name = f"kingpost_{os.getpid()}_{next(self._numbers)}"
        self._run(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        try:
            yield f"{self.url.rpartition('/')[0]}/{name}"
        finally:
            self._run(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


class Cluster(Postgres):
    """A server of our own, which can be stopped and started again."""

    def __init__(self, root: Path) -> None:
        self._data, self._log, port = root / "data", root / "log", _free_port()
        super().__init__(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        self._options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={root} -c fsync=off"
        locale = ("-E", "UTF8", "--locale=C.UTF-8")
        _do("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "-N", *locale)
        self.start()

    def start(self) -> None:
        """Start it, after a crash too."""
        _do("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._log), "-o", self._options, "start")

    def stop(self) -> None:
        """As a crash would: every connection is cut, nothing is written any more."""
        _do("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")


def missing(*, own: bool = False) -> str | None:
    """Why there can be no server, or no `own` one; None when there can."""
    if os.environ.get(OFFERED) and not own:
        return None
    tools = ("initdb", "pg_ctl") + (("runuser",) if os.geteuid() == 0 else ())
    lacking = [tool for tool in tools if shutil.which(tool, path=_path()) is None]
    return f"{', '.join(lacking)} not found; install postgresql, or set {OFFERED}" if lacking else None


@contextmanager
def server() -> Iterator[Postgres]:
    """The offered server, or a cluster of our own."""
    if offered := os.environ.get(OFFERED):
        yield Postgres(offered)
        return
    with cluster() as own:
        yield own


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of our own."""
    with tempfile.TemporaryDirectory(prefix="kp-pg-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        if os.geteuid() == 0:
            shutil.chown(root, "postgres", "postgres")
        own = Cluster(root)
        try:
            yield own
        finally:
            own.stop()


def _path() -> str:
    """Debian keeps the server's tools off the PATH."""
    versions = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return os.pathsep.join([os.environ.get("PATH", ""), *versions])


def _do(tool: str, *words: str) -> None:
    # PostgreSQL refuses to run as root.
    command = [shutil.which(tool, path=_path()) or tool, *words]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # Its output goes nowhere: a pipe would stay open with the server.
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
