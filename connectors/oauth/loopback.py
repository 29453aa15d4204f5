"""An address on this machine to which a browser comes back after a sign-in (RFC 8252 section 7.3), for one answer."""

import html
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from rules.terms.errors import AddressInUse

PATH = "/oauth/callback"
# One that connects and says nothing holds nobody up for long.
_PATIENCE = 5


class Loopback:
    """Listens on 127.0.0.1 while it is entered; `port` 0 takes a free one."""

    def __init__(self, done: str, port: int = 0) -> None:
        """`done`: what the browser shows afterwards."""
        self.answer: Mapping[str, str] | None = None
        text = f"<!doctype html><meta charset=utf-8><title>Kingpost</title><p>{html.escape(done)}</p>".encode()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _PATIENCE

            def do_GET(self) -> None:
                """Take the answer; everything else a browser asks for is not here."""
                parts = urlsplit(self.path)
                found = parts.path == PATH
                if found:
                    outer.answer = dict(parse_qsl(parts.query))
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/html")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                if found:
                    self.wfile.write(text)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the address holds the code."""

        try:
            self._server = HTTPServer(("127.0.0.1", port), Handler)
        except OSError as error:
            raise AddressInUse(address=f"127.0.0.1:{port}", option="--port") from error

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def redirect_uri(self) -> str:
        """Where the browser is to come. By name: of “localhost” Microsoft lets the port vary."""
        return f"http://localhost:{self.port}{PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.server_close()

    def wait(self, seconds: float) -> Mapping[str, str] | None:
        """What the browser brought; None when it did not come in time."""
        until = time.monotonic() + seconds
        while self.answer is None and (remaining := until - time.monotonic()) > 0:
            self._server.timeout = remaining
            self._server.handle_request()
        return self.answer
