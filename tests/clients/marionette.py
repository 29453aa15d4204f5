"""Drives a Mozilla program from inside, by Marionette's little protocol: JSON with its length before it."""

import json
import socket
import time
from typing import Any, Self

PATIENCE = 60.0


class MarionetteError(Exception):
    """The program refused a command, or a script threw."""


class Marionette:
    """A session in the program's own (chrome) context."""

    def __init__(self, port: int) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 5)
                self._socket.settimeout(PATIENCE)
                self._lines = self._socket.makefile("rb")
                self._read()
                break
            except (OSError, ValueError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        self._number = 0
        self.command("WebDriver:NewSession", {})
        self.command("WebDriver:SetTimeouts", {"script": round(PATIENCE * 1000)})
        self.command("Marionette:SetContext", {"value": "chrome"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def run(self, script: str, *arguments: object) -> Any:
        """What an async function with this body returns; `arguments` are its own."""
        wrapped = (
            "const [...args] = arguments; const done = args.pop();"
            f"(async () => {{ {script} }})()"
            ".then((value) => done([value ?? null]), (error) => done(`${error}\\n${error.stack}`));"
        )
        found = self.command("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": list(arguments)})["value"]
        if isinstance(found, str):
            raise MarionetteError(found)
        return found[0]

    def command(self, name: str, parameters: dict[str, object]) -> Any:
        """The result of one command."""
        self._number += 1
        words = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(words), words))
        _, _, error, result = self._read()
        if error:
            raise MarionetteError(f"{error['error']}: {error['message']}")
        return result

    def _read(self) -> Any:
        digits = b""
        while not digits.endswith(b":"):
            digit = self._lines.read(1)
            if not digit:
                raise ValueError("Marionette ended the connection")
            digits += digit
        return json.loads(self._lines.read(int(digits[:-1])))
