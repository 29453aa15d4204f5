"""How a token is shown to a mail server: XOAUTH2 (Google's, which Microsoft took over) and OAUTHBEARER (RFC 7628)."""

from typing import Protocol


class Bearer(Protocol):
    """Hands out access tokens for one account, renewed in time."""

    def token(self, refused: str = "") -> str:
        """A token that is good now. Name the one that the mail server has just refused: then it is another.

        Raises:
            LoginRefused: there is none without a person.
            ConnectorError: the provider cannot be asked now.
        """


def xoauth2(user: str, token: str) -> bytes:
    """The one message of XOAUTH2. To an error the client answers with an empty line."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()


def oauthbearer(user: str, host: str, port: int, token: str) -> bytes:
    """The one message of OAUTHBEARER (RFC 7628 section 3.1). To an error the client answers with a byte 01."""
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01".encode()
