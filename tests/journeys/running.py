"""The whole service as a firm runs it: a home with kingpost.toml, the command line, and a process to be killed."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

import httpx
from sqlalchemy import Connection

from assistant.access import Access
from assistant.settings import load
from rules.terms.staff import Role, Staff
from storage import engines
from storage.pool import Pool
from tests.fakes import QUICK
from tests.servers.dovecot import Dovecot, free_ports

ROOT = Path(__file__).parents[2]
PASSWORD = "langes-passwort-1"
# Several test runs may share two cores.
PATIENCE = 60.0
NOTHING: Mapping[str, str] = MappingProxyType({})


def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait until something is the case."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, f"waited {patience:g} s in vain: {what}"
        time.sleep(0.05)


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both outputs."""
        return self.out + self.err


class Home:
    """A folder with kingpost.toml, and all that is done in it."""

    def __init__(self, folder: Path, *, pool_url: str = "") -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "kingpost.toml"
        self.web_port, self.smtp_port = free_ports(2)
        self.pool_url = pool_url or "sqlite:///data/pool.sqlite"

    @property
    def base(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.web_port}"

    def write(self, *tables: str, firm: str = "", language: str = "de") -> None:
        """Write kingpost.toml: the usual, and these tables."""
        usual = f"""
[firm]
name = "Muster GmbH"
domains = ["muster.example"]
language = "{language}"
{firm}

[pool]
url = "{self.pool_url}"
blobs = "data/blobs"
key_file = "data/secrets.key"

[web]
bind = "127.0.0.1:{self.web_port}"
"""
        self.file.write_text("\n".join((usual, *tables)), encoding="utf-8")

    def make(self, **staff: Role) -> None:
        """Make the pool with these people, all with the same password, as “init” and “user add” would."""
        with self.pool(create=True) as pool:
            access = Access(pool, hasher=QUICK)
            for login, role in (staff or {"admin": Role.ADMIN}).items():
                access.add(Staff(login, login.title(), role), PASSWORD)

    @contextmanager
    def pool(self, *, create: bool = False) -> Iterator[Pool]:
        """The pool, looked at from outside."""
        settings = load(self.file)
        pool = (Pool.create if create else Pool.open)(settings.pool_url, settings.blobs)
        try:
            yield pool
        finally:
            pool.close()

    @contextmanager
    def tables(self) -> Iterator[Connection]:
        """The bare tables, to be read only."""
        engine = engines.reader(engines.parse(load(self.file).pool_url), 30)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def kingpost(
        self,
        *words: str | Path,
        env: Mapping[str, str] = NOTHING,
        given: bytes = b"",
        room: int = 0,
        patience: float = PATIENCE,
    ) -> Said:
        """Run a command to its end. No file may become larger than `room`, if that is given."""
        command = self.command(*words)
        if room:
            command = ["sh", "-c", 'ulimit -f "$0" && exec "$@"', str(room // 512), *command]
        done = subprocess.run(
            command,
            input=given,
            cwd=self.folder,
            env=self.environment(env),
            capture_output=True,
            timeout=patience,
            check=False,
        )
        said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in said.text, said.text
        return said

    def command(self, *words: str | Path, module: str = "assistant") -> list[str]:
        """A command line of Kingpost's."""
        return [sys.executable, "-m", module, "--config", str(self.file), *map(str, words)]

    def environment(self, more: Mapping[str, str] = NOTHING) -> dict[str, str]:
        """The environment of every command: this tree, and nothing of Kingpost's from outside."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KINGPOST_")}
        return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "200", **more}

    @contextmanager
    def running(
        self, *, ready: bool = True, module: str = "assistant", only: str = "", name: str = "service", port: int = 0
    ) -> Iterator["Service"]:
        """The service, killed at the end if it still runs.

        Of several at a time each has a `name`; `only` are the duties of this one, `port` where its pages are.
        """
        service = Service(self, module, only, name, port or self.web_port)
        try:
            if ready:
                service.wait_ready()
            yield service
        except BaseException as error:
            error.add_note(service.said[-5000:])
            raise
        finally:
            service.kill()


class Service:
    """One life of `kingpost run`."""

    def __init__(self, home: Home, module: str, only: str, name: str, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.log = home.folder / f"{name}.log"
        self._has_pages = not only or "web" in only
        self._starts = len(self.said)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                home.command("run", *(("--only", only) if only else ()), module=module),
                cwd=home.folder,
                env=home.environment({"KINGPOST_WEB__BIND": f"127.0.0.1:{port}"}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """Everything that the services of this home wrote."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    @property
    def events(self) -> list[str]:
        """The events of this life's log."""
        lines = self.said[self._starts :].splitlines()
        return [json.loads(line)["event"] for line in lines if line.startswith("{")]

    def wait_ready(self) -> None:
        """Wait until the pages answer and the pool behind them."""
        until(self.ready, f"the service starts: {self.said[self._starts :]}")

    def ready(self) -> bool:
        """Whether the pages answer, and the pool behind them; without pages, whether it says so itself."""
        assert self.process.poll() is None, f"the service ended: {self.said[self._starts :]}"
        if not self._has_pages:
            return "ready" in self.events
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(self.base + "/readyz", timeout=5).status_code == 200
        return False

    def until(self, true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait until something is the case, while the service runs."""

        def alive() -> object:
            assert self.process.poll() is None, f"the service ended: {self.said[self._starts :]}"
            return true()

        until(alive, what, patience)

    def kill(self) -> None:
        """SIGKILL to the service alone; its workers must notice by themselves."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        until(lambda: not self.left(), f"the workers {self.left()} outlive their killed service", 20)

    def stop(self) -> int:
        """The orderly end; the exit code comes back."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        until(lambda: not self.left(), f"{self.left()} outlive their service", 20)
        return code

    def left(self) -> list[int]:
        """The living processes of this life of the service: they share its session."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                # pid (name) state parent group session …
                state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.process.pid and state != "Z":
                    found.append(int(path.parent.name))
        return found


class Visitor(httpx.Client):
    """Somebody with a browser, logged in by the real form."""

    def __init__(self, home: Home, login: str = "admin", *, language: str = "de", base: str = "") -> None:
        super().__init__(base_url=base or home.base, timeout=PATIENCE, headers={"Accept-Language": language})
        self._login = login

    def __enter__(self) -> Self:
        super().__enter__()
        answer = self.post("/login", data={"login": self._login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return self

    def page(self, path: str) -> str:
        """A page, as text."""
        answer = self.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return answer.text

    def api(self, path: str) -> Any:
        """What the API answers."""
        answer = self.get("/api/v1" + path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def mailbox_table(server: Dovecot, user: str, *more: str, name: str = "", port: int = 0) -> str:
    """A [[mailbox]] on this Dovecot, in clear on loopback; `more` are further lines."""
    lines = (
        "[[mailbox]]",
        f'name = "{name or user}"',
        f'address = "{user}@muster.example"',
        'host = "127.0.0.1"',
        f"port = {port or server.port}",
        'tls = "none"',
        f'user = "{user}"',
        f'password_file = "{user}.password"',
        *more,
    )
    return "\n".join(lines)


def keep_password(home: Home, user: str, password: str = Dovecot.password) -> None:
    """Write the file that `mailbox_table` names."""
    (home.folder / f"{user}.password").write_text(password)
