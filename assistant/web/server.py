"""The web server process-side: a socket, TLS, trusted proxies, and a stop that does not wait for open streams."""

import socket

import uvicorn
from litestar import Litestar

from assistant.events import Broker
from assistant.settings import Settings
from connectors.certificates import Certificate
from rules.terms.errors import AddressInUse

# What is still being answered may take so long after the order to stop.
PATIENCE = 5


class Server(uvicorn.Server):
    """A uvicorn that ends the event streams before it waits for the open connections."""

    def __init__(
        self, app: Litestar, settings: Settings, broker: Broker, certificate: Certificate | None = None
    ) -> None:
        config = configuration(app, settings)
        config.load()
        if certificate is not None:
            config.ssl = certificate.context
        super().__init__(config)
        self._broker = broker

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end the streams, finish what is being answered."""
        self._broker.close()
        await super().shutdown(sockets)


def configuration(app: Litestar, settings: Settings) -> uvicorn.Config:
    """How uvicorn is run: no access log, no name of the server, proxies believed only if named."""
    web = settings.web
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=list(web.trusted_proxies),
        ssl_certfile=str(settings.path(web.tls_cert)) if web.tls_cert else None,
        ssl_keyfile=str(settings.path(web.tls_key)) if web.tls_key else None,
        timeout_graceful_shutdown=PATIENCE,
        h11_max_incomplete_event_size=64 * 1024,
        ws="none",
        lifespan="on",
    )


def listen(bind: str) -> socket.socket:
    """The socket for `host:port`, bound before anything else is started.

    Raises:
        AddressInUse: another program has it, or it is not an address of this machine.
    """
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise AddressInUse(address=bind, option="bind in [web]") from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(512)
    except OSError as error:
        made.close()
        raise AddressInUse(address=bind, option="bind in [web]") from error
    return made
