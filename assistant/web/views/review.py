"""Mails whose sender is in doubt: the mail with the evidence marked in it, who it may be, and one click to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency as Given
from markupsafe import Markup

from assistant.matcher import sides
from assistant.restricting import named_by
from assistant.web.marking import marked
from assistant.web.views.mails import in_order
from assistant.web.views.tabs import MANY, tabs
from assistant.web.visit import Visit
from rules.summary import full_name, match_sentence
from rules.terms.customer import Customer
from rules.terms.finding import Action, Evidence
from rules.terms.mail import Verdict
from rules.terms.pooled import PooledMessage
from storage.pool import Work

SHOWN = 20
CANDIDATES = 3
# So much of a mail is read, and so much of its new text shown.
TEXT = 20_000
LONGEST = 3_000


@dataclass(frozen=True, slots=True)
class Side:
    """A customer who may be meant, with what speaks for and against, and when we were last in contact."""

    customer: Customer
    speaking: Sequence[Evidence]
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A mail that waits for a person's word. `others` are how many open mails its sender has beside it."""

    no: int
    subject: Markup
    sender_name: Markup
    sender_addr: Markup
    date: datetime
    text: Markup
    spoof: bool
    sentence: str
    sides: Sequence[Side]
    others: int
    known_writer: bool
    guess: str


@get("/review", sync_to_thread=True)
def review(visit: Given[Visit]) -> Response[str]:
    """Doubtful matches, newest first."""
    with visit.services.pool.read() as work:
        nos = work.messages.by_action(Action.REVIEW, visit.viewer.mailboxes, MANY)[:SHOWN]
        mails = work.messages.get_many(nos, TEXT)
        items = [_item(visit, work, mails[no]) for no in nos if no in mails]
        shown = tabs(visit, work)
    return visit.page("review.html", "review", tabs=shown, chosen="review", items=items)


def _item(visit: Visit, work: Work, mail: PooledMessage) -> Item:
    sender, match, language = mail.message.sender, mail.match, visit.language
    found = sides(work, mail, visit.services.upkeep.filing.firm)
    if match.candidates:
        # Of the first one, what decided it; of the others it is not kept.
        found[match.candidates[0]] = match.evidence
    candidates = in_order(named_by(work, mail), match.candidates)[:CANDIDATES]
    shown = [Side(one, found.get(one.id, ()), _last(visit, work, one.id)) for one in candidates]
    pieces = [piece for side in shown for piece in side.speaking]
    name = full_name(candidates[0]) if candidates else ""
    body = "\n".join(part for part in (mail.reading.new_text[:LONGEST], mail.reading.signature or "") if part)
    others = work.senders.open_mails(mail.writer, visit.viewer.mailboxes) if mail.writer else []
    return Item(
        no=mail.no,
        subject=marked(mail.message.subject, pieces, language),
        sender_name=marked(sender.name, pieces, language),
        sender_addr=marked(sender.addr, pieces, language),
        date=mail.message.date or mail.arrived,
        text=marked(body or mail.message.text[:LONGEST], pieces, language),
        spoof=match.spoof,
        sentence=match_sentence(match, name, language),
        sides=shown,
        others=len([no for no in others if no != mail.no]),
        known_writer=bool(mail.writer) and mail.verdict is not Verdict.FAIL,
        guess=sender.name or sender.addr.partition("@")[2].partition(".")[0],
    )


def _last(visit: Visit, work: Work, customer_id: str) -> datetime | None:
    """The day of the last contact; more of it is for those who may read it."""
    entry = next(iter(work.interactions.timeline(customer_id, limit=1)), None)
    return entry.date.astimezone(visit.reader.zone).replace(hour=12, minute=0, second=0) if entry else None


ROUTES = (review,)
