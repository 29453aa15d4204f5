"""How a case moves on: what follows from what happens to it."""

from collections.abc import Mapping

from rules.terms.case import PENDING, CaseEventKind, CaseState

_MOVES: Mapping[CaseEventKind, Mapping[CaseState, CaseState]] = {
    CaseEventKind.ASSIGNED: {CaseState.NEW: CaseState.OPEN},
    CaseEventKind.ANSWERED: dict.fromkeys(PENDING, CaseState.WAITING_CUSTOMER),
    CaseEventKind.CUSTOMER_WROTE: {
        CaseState.WAITING_CUSTOMER: CaseState.WAITING_US,
        CaseState.SOLVED: CaseState.OPEN,
        CaseState.CLOSED: CaseState.OPEN,
    },
    CaseEventKind.SOLVED: dict.fromkeys(PENDING, CaseState.SOLVED),
    CaseEventKind.CLOSED: dict.fromkeys((*PENDING, CaseState.SOLVED), CaseState.CLOSED),
    CaseEventKind.DISOWNED: dict.fromkeys(PENDING, CaseState.CLOSED),
    CaseEventKind.REOPENED: dict.fromkeys((CaseState.SOLVED, CaseState.CLOSED), CaseState.OPEN),
}


def after(state: CaseState, event: CaseEventKind) -> CaseState:
    """The state of a case after an event; the same where the event moves nothing.

    A thank-you (RELIEVED) only proposes that the case is solved, and what comes by itself (an automatic reply) is no
    event at all: only people move a case.
    """
    return _MOVES.get(event, {}).get(state, state)
