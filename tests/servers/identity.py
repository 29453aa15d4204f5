r"""A small identity provider for tests: sign-in page, codes with PKCE, devices, applications, rotation, introspection.

    with Identity() as provider:
        settings = provider.table("own")        # [oauth.own]
        with Dovecot(tmp_path, settings=provider.dovecot(tmp_path)): …

It answers over plain HTTP on loopback. Whatever it gave out stands in `secrets`. Refresh tokens are used once, and a
used one that comes again ends its sign-in, as RFC 9700 section 4.14.2 asks; `lenient` leaves the old one good.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

CLIENT, CLIENT_SECRET = "kingpost-client", "client-secret-Zw4711"


@dataclass
class _Code:
    user: str
    challenge: str
    redirect_uri: str


class Identity:
    """The provider.

    `lasts`: seconds that an access token holds. `broken`: answers 503. While `hold` is cleared, nobody gets an answer,
    though what it says is so already.
    """

    def __init__(self) -> None:
        self.lasts = 3600.0
        self.said_lasts: float | None = None
        self.refresh_lasts: int | None = None
        self.lenient = False
        self.broken = False
        self.client_secret = CLIENT_SECRET
        self.redirect_uris: set[str] = set()
        self.hold = threading.Event()
        self.hold.set()
        self.asked: Counter[str] = Counter()
        self.secrets: list[str] = [CLIENT_SECRET]
        self.signs_in = ""
        self._access: dict[str, tuple[str, float]] = {}
        self._refresh: dict[str, str] = {}
        self._used: dict[str, str] = {}
        self._codes: dict[str, _Code] = {}
        self._devices: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def table(self, name: str = "own", *, more: str = "", device: bool = True) -> str:
        """Kingpost's settings for it."""
        lines = [
            f"[oauth.{name}]",
            f'client_id = "{CLIENT}"',
            'scopes = ["mail"]',
            f'authorize_url = "{self.url}/authorize"',
            f'token_url = "{self.url}/token"',
            f'issuer = "{self.url}"',
            *([f'device_url = "{self.url}/device"'] if device else []),
            more,
        ]
        return "\n".join(lines) + "\n"

    def dovecot(self, folder: Path) -> str:
        """Dovecot's settings, by which it asks here for each token."""
        file = folder / "oauth2.conf.ext"
        file.write_text(
            f"introspection_mode = post\nintrospection_url = {self.url}/introspect\nforce_introspection = yes\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        return (
            "auth_mechanisms = plain login xoauth2 oauthbearer\n"
            f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {file}\n}}\n"
        )

    def signed_in(self, user: str) -> tuple[str, str]:
        """An access and a refresh token, without any page."""
        with self._lock:
            return self._issue(user), self._issue_refresh(user)

    def end(self, user: str) -> None:
        """Take back the sign-in: refresh tokens are worth nothing from now on; access tokens hold on."""
        with self._lock:
            self._refresh = {token: whose for token, whose in self._refresh.items() if whose != user}

    def expire(self) -> None:
        """End all access tokens now, before the time that was promised."""
        with self._lock:
            self._access.clear()

    def approve(self, user_code: str, user: str) -> None:
        """A person typed the code on another device."""
        self._devices[user_code] = user

    def _issue(self, user: str) -> str:
        token = f"access-{secrets.token_hex(12)}"
        self._access[token] = (user, time.time() + self.lasts)
        self.secrets.append(token)
        return token

    def _issue_refresh(self, user: str) -> str:
        token = f"refresh-{secrets.token_hex(12)}"
        self._refresh[token] = user
        self.secrets.append(token)
        return token

    def _given(self, user: str, *, refresh: bool = True) -> tuple[int, dict[str, Any]]:
        said = self.said_lasts if self.said_lasts is not None else self.lasts
        given = {"access_token": self._issue(user), "token_type": "Bearer", "expires_in": int(said)}
        if refresh:
            given["refresh_token"] = self._issue_refresh(user)
        if self.refresh_lasts:
            given["refresh_token_expires_in"] = self.refresh_lasts
        return 200, given

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = form.get("grant_type", "")
        self.asked[kind.rpartition(":")[2]] += 1
        if self.broken:
            return 503, {}
        with self._lock:
            if form.get("client_id") != CLIENT or form.get("client_secret", "") != self.client_secret:
                description = f"AADSTS7000222: the secret of {CLIENT} has expired, trace id 4711-secret-trace"
                return 401, {"error": "invalid_client", "error_description": description}
            return getattr(self, "_by_" + kind.rpartition(":")[2])(form)  # type: ignore[no-any-return]

    def _by_authorization_code(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if code is None or code.challenge != challenge or code.redirect_uri != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return self._given(code.user)

    def _by_refresh_token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        token = form.get("refresh_token", "")
        if token in self._used and not self.lenient:
            self._refresh = {each: whose for each, whose in self._refresh.items() if whose != self._used[token]}
        user = self._refresh.get(token) or (self._used.get(token) if self.lenient else None)
        if user is None:
            return 400, {"error": "invalid_grant", "error_description": "AADSTS70008: for anna@muster.example"}
        self._refresh.pop(token, None)
        self._used[token] = user
        return self._given(user)

    def _by_client_credentials(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        return self._given("*", refresh=False)

    def _by_device_code(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        user_code = form.get("device_code", "").removeprefix("device-")
        user = self._devices.get(user_code)
        if user is None:
            return 400, {"error": "expired_token"}
        if user == "":
            return 400, {"error": "authorization_pending"}
        return self._given(user)

    def _device(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        code = secrets.token_hex(3).upper()
        self._devices[code] = ""
        given = {"device_code": f"device-{code}", "user_code": code, "verification_uri": f"{self.url}/enter"}
        return 200, {**given, "expires_in": 60, "interval": 1}

    def _introspect(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        user, until = self._access.get(form.get("token", ""), ("", 0.0))
        if time.time() >= until:
            return 200, {"active": False}
        # Dovecot tells whom the token is shown for; an application may read what it was opened to.
        return 200, {"active": "true", "username": self.signs_in if user == "*" else user}

    def _allow(self, asked: dict[str, str], user: str) -> str:
        """Where the browser goes after a person said yes."""
        code = f"code-{secrets.token_hex(12)}"
        self.secrets.append(code)
        self._codes[code] = _Code(user, asked["code_challenge"], asked["redirect_uri"])
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def _handler(outer) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                asked = dict(parse_qsl(parts.query))
                registered = asked.get("redirect_uri") in outer.redirect_uris and asked["client_id"] == CLIENT
                if parts.path != "/authorize" or not registered or asked["code_challenge_method"] != "S256":
                    self.send_error(400)
                else:
                    self._page(parts.query, asked.get("login_hint", ""))

            def _page(self, query: str, hint: str) -> None:
                page = (
                    "<!doctype html><title>Sign in</title><form method=post action='/authorize?"
                    f"{query.replace(chr(39), '')}'><input name=user value='{hint}'>"
                    "<button name=answer value=yes>Allow</button><button name=answer value=no>Deny</button></form>"
                )
                self._send(200, page.encode(), "text/html")

            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    asked = dict(parse_qsl(parts.query))
                    there = outer._allow(asked, form["user"])
                    if form["answer"] == "no":
                        there = f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}"
                    self.send_response(303)
                    self.send_header("Location", there)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                answers = {"/token": outer._token, "/device": outer._device, "/introspect": outer._introspect}
                status, said = answers[parts.path](form)
                if parts.path == "/token":
                    outer.hold.wait(30)
                self._send(status, json.dumps(said).encode(), "application/json")

            def _send(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        return Handler
