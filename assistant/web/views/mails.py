"""Lists of mails: the few words of each that a row shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.summary import full_name
from rules.terms.complaint import Finding
from rules.terms.customer import Customer
from rules.terms.pooled import PooledMessage
from storage.pool import Work
from storage.search import Hit

SNIPPET = 220
# So much of a mail's text is read for its snippet: what is new may stand below a long quotation.
SNIPPET_SOURCE = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """One mail in a list. `complaint` is where the complaint in it stands, "" where none was found."""

    no: int
    subject: str
    sender: str
    date: datetime
    direction: str
    action: str = ""
    spoof: bool = False
    customer_id: str | None = None
    customer: str = ""
    snippet: str = ""
    complaint: str = ""


def rows(work: Work, nos: Sequence[int]) -> list[Row]:
    """The mails of these numbers, in their order."""
    mails = work.messages.get_many(nos, text_length=0)
    names = customer_names(work, {mail.match.customer_id for mail in mails.values() if mail.match.customer_id})
    found = work.findings.of_messages(mails)
    return [_row(mails[no], names, found.get(no)) for no in nos if no in mails]


def found_rows(work: Work, hits: Sequence[Hit]) -> list[Row]:
    """What a search found, as rows with a piece of the text."""
    mails = work.messages.get_many([hit.no for hit in hits], text_length=0)
    names = customer_names(work, {hit.customer_id for hit in hits if hit.customer_id})
    found = work.findings.of_messages(mails)
    return [_row(mails[hit.no], names, found.get(hit.no), hit.snippet) for hit in hits if hit.no in mails]


def customer_names(work: Work, ids: Collection[str]) -> dict[str, str]:
    """Full names by id."""
    return {id: full_name(customer) for id, customer in work.customers.get_many(ids).items()}


def snippet(mail: PooledMessage) -> str:
    """The beginning of what is new in a mail, on one line."""
    words = " ".join(mail.reading.new_text[: 2 * SNIPPET].split())
    return words if len(words) <= SNIPPET else words[:SNIPPET].rsplit(" ", 1)[0] + " …"


def in_order(customers: Mapping[str, Customer], ids: Sequence[str]) -> list[Customer]:
    """Those that still exist, in the order of the ids."""
    return [customers[id] for id in ids if id in customers]


def _row(mail: PooledMessage, names: Mapping[str, str], finding: Finding | None, words: str = "") -> Row:
    message, match = mail.message, mail.match
    return Row(
        no=mail.no,
        subject=message.subject,
        sender=message.sender.name or message.sender.addr,
        date=message.date or mail.arrived,
        direction=mail.direction.value,
        action=match.action.value,
        spoof=match.spoof,
        customer_id=match.customer_id,
        customer=names.get(match.customer_id or "", ""),
        snippet=words,
        complaint=finding.state.value if finding else "",
    )
