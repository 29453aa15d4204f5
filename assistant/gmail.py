"""Google asks what to show beside the mail that is open in Gmail: who asks, which mail it is, what they may see of it.

    Google ──system token: it is Google, and means us──> person's token: who ──> account ──> mail's header ──> Summary

The person is known by the address that Google vouches for; what they see is what the account with that address sees.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from assistant.ports import Lookup
from assistant.settings import Settings
from connectors.google.mail import opened_mail
from connectors.google.tokens import Tokens
from rules.terms.errors import NotFound, NotLoggedIn, WrongUse
from rules.terms.staff import Staff, Viewer
from rules.terms.summary import Summary
from storage.pool import Pool

PATH = "/clients/gmail/open"
# Google gives up on an add-on after some seconds; each of our own questions has less.
PATIENCE = httpx.Timeout(5.0, connect=3.0)
# No more than it takes: who asks, to run beside a mail, and the header of the mail that is open.
SCOPES = (
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/gmail.addons.execute",
    "https://www.googleapis.com/auth/gmail.addons.current.message.metadata",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What Google says of an opening; "" for what it does not say."""

    mail: str
    person_token: str
    person_access: str
    mail_access: str


class Gmail:
    """Answers Google for a firm that has switched the add-on on; without that, nothing of Google's is asked for."""

    def __init__(self, settings: Settings, pool: Pool, lookup: Lookup, wire: httpx.BaseTransport | None = None) -> None:
        self._options = settings.gmail
        self._audience = settings.base_url + PATH
        self._pool = pool
        self._lookup = lookup
        self._wire = wire

    @cached_property
    def _client(self) -> httpx.Client:
        # No redirects: a token goes to the address that is written here, and to no other.
        return httpx.Client(timeout=PATIENCE, transport=self._wire)

    @cached_property
    def _tokens(self) -> Tokens:
        return Tokens(self._client)

    def person(self, system_token: str, opening: Opening, now: datetime) -> str:
        """The address of the person in front of Gmail.

        Raises:
            NotFound: the add-on is switched off.
            NotLoggedIn: it is not Google that asks, or not for us, or not about somebody who opened our add-on.
            ServerUnreachable, ServerMisbehaved: Google's keys are out of reach.
        """
        if not self._options.enabled:
            raise NotFound
        if self._tokens.identity(system_token, self._audience, now).email != self._options.service_account:
            raise NotLoggedIn
        return self._tokens.identity(opening.person_token, self._options.client_id, now).email

    def account(self, email: str) -> Staff | None:
        """The one active account with this address: its own, or that of the personal mailbox it owns."""
        with self._pool.read() as work:
            owners = {box.owner for box in work.mailboxes.all() if box.owner and box.address.lower() == email}
            found = [
                one for one in work.staff.all() if one.active and (one.login in owners or one.email.lower() == email)
            ]
        return found[0] if len(found) == 1 else None

    def summary(self, viewer: Viewer, opening: Opening, now: datetime) -> Summary:
        """What they may see of the mail that is open.

        Raises:
            NotFound: Gmail does not show the mail, or it has no Message-ID.
            ServerUnreachable, ServerMisbehaved: Gmail does not say which mail it is.
        """
        mail = opened_mail(self._client, opening.mail, opening.person_access, opening.mail_access)
        if not mail.message_id:
            raise NotFound
        return self._lookup.by_message_id(
            viewer, mail.message_id, sender=mail.sender or None, subject=mail.subject or None, mailbox=None, now=now
        )


def deployment(host: str) -> str:
    """The file by which Google's Marketplace SDK (HTTP deployments) learns of the add-on.

    Args:
        host: Kingpost's address; Google must reach it.

    Raises:
        WrongUse: Google calls https addresses only.
    """
    if not host.startswith("https://"):
        raise WrongUse(
            problem=f"Google calls https addresses only, not {host}.",
            problem_de=f"Google fragt nur https-Adressen, nicht {host}.",
        )
    made: dict[str, Any] = {
        "oauthScopes": list(SCOPES),
        "addOns": {
            "common": {
                "name": "Kingpost",
                "logoUrl": f"{host}/clients/outlook/icons/128.png",
                "universalActions": [{"label": "Kingpost", "openLink": f"{host}/"}],
            },
            "gmail": {"contextualTriggers": [{"unconditional": {}, "onTriggerFunction": host + PATH}]},
            "httpOptions": {"authorizationHeader": "SYSTEM_ID_TOKEN"},
        },
    }
    return json.dumps(made, indent=2) + "\n"
