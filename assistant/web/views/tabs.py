"""The lists of what waits for a person's word: doubtful mails, unknown senders, likely duplicates, repairs."""

from dataclasses import dataclass

from assistant.web.visit import Visit
from rules.terms.finding import Action
from rules.terms.staff import FieldGroup
from storage.pool import Work

MANY = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """One list: its name, where it is, and how much waits there."""

    name: str
    href: str
    count: str | int


def tabs(visit: Visit, work: Work) -> list[Tab]:
    """The lists with their counts."""
    boxes = visit.viewer.mailboxes
    with_money = FieldGroup.MONEY in visit.viewer.groups
    invoices = [Tab("invoices", "/review/invoices", work.found_invoices.count(boxes))] if with_money else []
    return [
        Tab("review", "/review", counted(len(work.messages.by_action(Action.REVIEW, boxes, MANY)))),
        Tab("leads", "/leads", counted(len(work.senders.leads(boxes, MANY)))),
        Tab("duplicates", "/review/duplicates", counted(len(work.duplicates.page(visit.now.date(), MANY)))),
        Tab("proposals", "/proposals", counted(len(work.proposals.page(boxes, limit=MANY)))),
        *invoices,
    ]


def counted(count: int) -> str | int:
    """A count that stops where nobody counts on."""
    return f"{MANY - 1}+" if count >= MANY else count
