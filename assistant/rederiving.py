"""By what records are recognised, derived anew when the rules for that have changed: in small steps, after any crash.

Records come in once, rules get better. The pool keeps for which generation of the rules (and which own domains of the
firm, which identify nobody) the identifiers were derived; where that is another one, this walks over all records:

    customers → contacts → references → records of merged customers
"""

import json
from collections.abc import Callable
from threading import Event

from rules import identifiers
from rules.terms.customer import Known
from rules.terms.firm import Firm
from storage.keys import key
from storage.pool import Pool, Work
from storage.walks import START

NAME = "identifiers"
CHUNK = 200

Progress = Callable[[int, int | None], None]


def goal_of(firm: Firm) -> int:
    """The number that stands for the rules in force and what of the firm they look at."""
    return key(json.dumps([identifiers.GENERATION, sorted(firm.domains), sorted(firm.freemail)]))


def begin(work: Work, firm: Firm) -> None:
    """Before the first import there is nothing to derive anew: what comes in is of this generation."""
    if not work.customers.size():
        work.walks.finish(NAME, goal_of(firm))


def rederive(pool: Pool, firm: Firm, stop: Event, progress: Progress = lambda done, total: None) -> bool:
    """Go on until everything is of this generation; False when stopped before. Nothing to do costs one look.

    Args:
        pool: where the records are.
        firm: who we are.
        stop: ends it after the step that is under way.
        progress: told how many records are done.

    Raises:
        PoolError: the pool takes nothing; the steps so far are in it, and the next call goes on there.
    """
    goal = goal_of(firm)
    done = 0
    with pool.read() as work:
        position = work.walks.position(NAME, goal)
    while position is not None:
        if stop.is_set():
            return False
        with pool.begin() as work:
            position = work.walks.position(NAME, goal)
            if position is not None:
                done += _step(work, firm, goal, position)
        progress(done, None)
    return True


def _step(work: Work, firm: Firm, goal: int, position: str) -> int:
    """Derive the next records anew; how many that were."""
    part, after = json.loads(position) if position != START else (0, [])
    count, last = _PARTS[part](work, firm, after)
    if last is not None:
        work.walks.go_on(NAME, goal, json.dumps([part, last]))
    elif part + 1 < len(_PARTS):
        work.walks.go_on(NAME, goal, json.dumps([part + 1, []]))
    else:
        work.walks.finish(NAME, goal)
    return count


# How many records a step did, and the key of the last one; None after the last of all.
_Stepped = tuple[int, list[str] | None]


def _customers(work: Work, firm: Firm, after: list[str]) -> _Stepped:
    found = work.customers.customers_after(*after, limit=CHUNK)
    forms = {one.customer_no: identifiers.form_of(one.customer_no) for one in found if one.customer_no}
    work.customers.upsert(found, (known for one in found for known in identifiers.of_customer(one, firm)), forms)
    return len(found), [found[-1].id] if found else None


def _contacts(work: Work, firm: Firm, after: list[str]) -> _Stepped:
    found = work.customers.contacts_after(*after, limit=CHUNK)
    owners = work.customers.get_many({one.customer_id for one in found})
    known: list[Known] = []
    for one in found:
        owner = owners.get(one.customer_id)
        known += identifiers.of_contact(one, firm, owner.country if owner else "")
    work.customers.upsert_contacts(found, known)
    return len(found), [found[-1].id] if found else None


def _references(work: Work, firm: Firm, after: list[str]) -> _Stepped:
    found = work.customers.references_after(*after, limit=CHUNK)
    work.customers.upsert_references(found, {one.number: identifiers.form_of(one.number) for one in found})
    last = found[-1] if found else None
    return len(found), [last.number, last.type, last.customer_id] if last else None


def _merged(work: Work, firm: Firm, after: list[str]) -> _Stepped:
    work.merges.derive_anew(lambda customer: identifiers.of_customer(customer, firm))
    return 0, None


_PARTS = (_customers, _contacts, _references, _merged)
