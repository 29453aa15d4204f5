"""The pages' own TLS: a renewed certificate is shown to the next browser, without a restart."""

import asyncio
import ssl
import threading
from pathlib import Path

from litestar import Litestar, get

from assistant.events import Broker
from assistant.settings import Settings, WebSettings
from assistant.web.server import Server, listen
from connectors.certificates import Certificate
from tests.connectors.test_certificates import files, put


@get("/", sync_to_thread=False)
def root() -> str:
    """Anything."""
    return "ok"


async def fetched(port: int, authority: Path) -> bytes:
    context = ssl.create_default_context(cafile=str(authority))
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


def test_pages_are_served_with_the_renewed_certificate(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    certificate = Certificate(*files(old))
    files(new)
    settings = Settings(web=WebSettings(tls_cert="old/cert.pem", tls_key="old/key.pem"), home=tmp_path)
    server = Server(Litestar([root]), settings, Broker(), certificate)
    socket = listen("127.0.0.1:0")
    port = socket.getsockname()[1]
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[socket]),))
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        assert asyncio.run(fetched(port, old / "ca.pem")).startswith(b"HTTP/1.1 200")
        for name in ("cert.pem", "key.pem"):
            put(new / name, old / name)
        certificate.renew()
        assert asyncio.run(fetched(port, new / "ca.pem")).startswith(b"HTTP/1.1 200")
    finally:
        server.should_exit = True
        thread.join()
