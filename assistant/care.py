"""What staff decide about a customer: whether a proposal was followed, and whether to leave them in peace."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rules.terms.errors import UnknownName, WrongUse
from rules.terms.staff import Viewer
from rules.terms.worth import Bar
from rules.value.next_action import Action, rests
from storage.pool import Pool, Work

# What staff may note; an open complaint is known without them.
NOTED = (Bar.OBJECTION, Bar.COLLECTION)


@dataclass(frozen=True, slots=True)
class Care:
    """Deciding about customers. `told` hears of whom, after the commit."""

    pool: Pool
    told: Callable[[str], None] = lambda customer: None

    def decide(self, customer_id: str, action: str, today: date, *, accepted: bool) -> str:
        """Note that the proposal was followed or is not wanted now; it rests then. Who decided is not kept.

        Raises:
            UnknownName: there is no such customer.
            WrongUse: nothing of that name is ever proposed, or it stands until its cause is gone.
        """
        if action not in set(Action):
            raise WrongUse(
                problem=f"Nothing called “{action}” is ever proposed.",
                problem_de=f"Einen Vorschlag „{action}“ gibt es nicht.",
            )
        if not rests(Action(action)):
            raise WrongUse(
                problem="This cannot be put off: it goes when its cause is gone.",
                problem_de="Das lässt sich nicht aufschieben: Es verschwindet, wenn sein Anlass erledigt ist.",
            )
        with self.pool.begin() as work:
            customer = known(work, customer_id)
            work.decisions.decide(customer, action, today, accepted=accepted)
        self.told(customer)
        return customer

    def take_back(self, customer_id: str, action: str) -> None:
        """Propose it again.

        Raises:
            UnknownName: there is no such customer.
        """
        with self.pool.begin() as work:
            customer = known(work, customer_id)
            work.decisions.forget(customer, action)
        self.told(customer)

    def bar(self, viewer: Viewer, customer_id: str, bar: Bar, today: date, *, on: bool) -> None:
        """Note that a customer objects to advertising, or is in collection; or that it holds no longer.

        Raises:
            UnknownName: there is no such customer.
            WrongUse: it is nothing that staff note.
        """
        if bar not in NOTED:
            raise WrongUse(
                problem="An open complaint is known by itself.",
                problem_de="Eine offene Beschwerde ist von selbst bekannt.",
            )
        with self.pool.begin() as work:
            customer = known(work, customer_id)
            if on:
                work.decisions.bar(customer, bar, today, viewer.login)
            else:
                work.decisions.unbar(customer, bar)
        self.told(customer)


def known(work: Work, id: str) -> str:
    """The customer's id; of one who became part of another, that one's.

    Raises:
        UnknownName: there is no such customer.
    """
    customer = work.customers.get(id)
    if customer is None:
        raise UnknownName(what="customer", name=id)
    return customer.id
