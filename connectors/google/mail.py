"""Which mail is open in Gmail: its header, by the Gmail API, with the two tokens that came with the question.

Neither token does by itself: one is the person's, the other is good for the opened mail only and for some minutes
(developers.google.com, “Access tokens” of Gmail add-ons). No text of the mail is asked for.
"""

import re
from dataclasses import dataclass

import httpx

from connectors.mime.addresses import sender
from rules.terms.errors import NotFound, ServerMisbehaved, ServerUnreachable

HOST, PORT = "gmail.googleapis.com", 443
HEADERS = ("Message-ID", "From", "Subject")
_ID = re.compile(r"[\w:-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """What the header says of the opened mail; "" for what it does not say."""

    message_id: str
    sender: str
    subject: str


def opened_mail(client: httpx.Client, id: str, person: str, mail: str) -> OpenedMail:
    """The opened mail's header.

    Args:
        client: with a time limit, and without redirects.
        id: Gmail's own number of the mail.
        person: the access token of the person who opened it.
        mail: the access token that is good for this mail.

    Raises:
        NotFound: Gmail does not show this mail to them.
        ServerUnreachable: Gmail does not answer in time.
        ServerMisbehaved: the answer is none.
    """
    if not _ID.fullmatch(id) or not all(each.isascii() and each.isprintable() for each in (person, mail)):
        raise NotFound
    try:
        answer = client.get(
            f"https://{HOST}/gmail/v1/users/me/messages/{id}",
            params={"format": "metadata", "metadataHeaders": HEADERS},
            headers={"Authorization": f"Bearer {person}", "X-Goog-Gmail-Access-Token": mail},
        )
    except httpx.HTTPError as error:
        raise ServerUnreachable(host=HOST, port=PORT, reason=type(error).__name__) from error
    if answer.status_code in (400, 401, 403, 404):
        raise NotFound
    try:
        answer.raise_for_status()
        told = {each["name"].lower(): each["value"] for each in answer.json()["payload"]["headers"]}
        from_header = str(told.get("from", ""))[:2_000]
        return OpenedMail(
            str(told.get("message-id", ""))[:2_000],
            sender([from_header])[0].addr if from_header else "",
            str(told.get("subject", ""))[:10_000],
        )
    except httpx.HTTPStatusError as error:
        raise ServerUnreachable(host=HOST, port=PORT, reason=type(error).__name__) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ServerMisbehaved(host=HOST, reason=type(error).__name__) from error
