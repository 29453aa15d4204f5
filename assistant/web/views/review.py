"""Mails whose sender is in doubt or unknown: the mail, who it may be, and one click to say so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromQuery

from assistant.web.views.mails import SNIPPET_SOURCE, in_order, snippet
from assistant.web.views.start import MANY, counted
from assistant.web.visit import Visit
from rules.summary import full_name, match_sentence
from rules.terms.customer import Customer
from rules.terms.finding import Action, Evidence
from rules.terms.pooled import PooledMessage

SHOWN = 30
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A mail that waits for a person's word."""

    no: int
    subject: str
    sender_name: str
    sender_addr: str
    date: datetime
    snippet: str
    spoof: bool
    sentence: str
    evidence: tuple[Evidence, ...]
    candidates: Sequence[Customer]
    guess: str


@get("/review", sync_to_thread=True)
def review(visit: Given[Visit], list: FromQuery[Literal["review", "unknown"]] = "review") -> Response[str]:
    """Doubtful matches, or unknown senders, newest first."""
    mailboxes = visit.viewer.mailboxes
    with visit.services.pool.read() as work:
        nos = {
            "review": work.messages.by_action(Action.REVIEW, mailboxes, MANY),
            "unknown": work.messages.by_action(Action.UNKNOWN, mailboxes, MANY),
        }
        mails = work.messages.get_many(nos[list][:SHOWN], text_length=SNIPPET_SOURCE)
        people = work.customers.get_many({id for mail in mails.values() for id in mail.match.candidates})
    return visit.page(
        "review.html",
        "review",
        chosen=list,
        counts={name: counted(len(each)) for name, each in nos.items()},
        items=[_item(mails[no], people, visit.language) for no in nos[list][:SHOWN] if no in mails],
    )


def _item(mail: PooledMessage, people: Mapping[str, Customer], language: str) -> Item:
    sender, match = mail.message.sender, mail.match
    candidates = in_order(people, match.candidates)[:CANDIDATES]
    name = full_name(candidates[0]) if candidates else ""
    return Item(
        no=mail.no,
        subject=mail.message.subject,
        sender_name=sender.name,
        sender_addr=sender.addr,
        date=mail.message.date or mail.arrived,
        snippet=snippet(mail),
        spoof=match.spoof,
        sentence=match_sentence(match, name, language),
        evidence=match.evidence,
        candidates=candidates,
        guess=sender.name or sender.addr.partition("@")[2].partition(".")[0],
    )


ROUTES = (review,)
