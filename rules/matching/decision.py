"""Whose mail is this? File it, ask a person, leave it as unknown, or warn of an impostor.

    nobody is found, or too little speaks for them                 unknown
    the sender check failed, or a known name stands on a
    foreign address and the circumstances are suspicious           review, with a warning (rules.matching.trust)
    one customer stands out, and on solid ground                   attach
    anything else                                                  review, with up to three candidates

Solid ground is one unique identifier that nothing denies, or two independent strong pieces of evidence. Standing out
is a margin to the next customer, none of whom has a settled identifier of their own. The confidence is the posterior
probability with a stranger (log-odds 0) as one more candidate: exp(best) / (1 + sum of exp(score)).
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp

from rules import firms, names
from rules.folding import fold
from rules.matching import own_people, trust
from rules.matching.answers import Answers
from rules.matching.clues import Clues
from rules.matching.contacts import contact_of
from rules.matching.weighing import Weighed, weigh
from rules.terms.customer import CustomerKind
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Direction, Verdict
from rules.writers import How

# From here on a match is called sure.
SURE = 0.97
# Below this it is not filed without asking.
ATTACH = 0.85
# So much more must speak for the best than for the next one, in log-odds.
MARGIN = 2.0
# With less a customer is not even proposed.
PROPOSE = 1.0
CANDIDATES = 3
# The evidence of a failed check that a list or forwarder may have caused; it accuses nobody.
PASSED_ON = "passed-on"
HIGHEST = 0.999
LARGEST = 30.0


def decide(clues: Clues, answers: Answers, verdict: Verdict, *, plain: bool = False, passed_on: bool = False) -> Match:
    """File, ask a person, or leave as unknown.

    Args:
        clues: what the mail says.
        answers: what the pool holds under its keys.
        verdict: the firm's own server's verdict on the sender; only incoming mail is judged by it.
        plain: whether address, thread and name are enough (rules.matching.lookup).
        passed_on: whether the check may have failed only because somebody passed the mail on: a chain of seals in order
            (ARC, RFC 8617), or signs of a list or forwarder without one. Nothing is believed for that.
    """
    asked = clues.asked
    if asked.direction is Direction.OUTGOING and not asked.writers.people:
        return Match(Action.UNKNOWN, evidence=(Evidence("internal", ""),))
    weighed = sorted(
        (weigh(clues, file, answers, plain=plain) for file in answers.files.values()),
        key=lambda one: (-one.score, one.id),
    )
    found = _of_ours(weighed) if asked.writers.how is How.RECIPIENT else _of_theirs(weighed)
    filed = next((one for one in weighed if one.id == found.customer_id), None)
    if filed is not None and not filed.client:
        found = replace(found, contact_id=contact_of(clues, filed.file, answers))
    if asked.direction is Direction.OUTGOING:
        return found
    ours = None if any(one.reasons & trust.OWN for one in weighed) else own_people.imitated(clues, verdict)
    if ours is not None:
        return ours
    if verdict is Verdict.FAIL:
        return distrusted(found, asked.sender, alarm=not passed_on or bool(trust.pretext(clues)))
    if not plain:
        found = trust.checked(clues, weighed, answers, found)
    if filed is not None:
        found = trust.answerable(clues, filed, found, verdict)
    if asked.doubtful and found.action is Action.ATTACH:
        doubt = Evidence("several-senders", asked.sender)
        return Match(Action.REVIEW, confidence=0.5, candidates=found.candidates, evidence=(*found.evidence, doubt))
    return found


def distrusted(found: Match, sender: str, *, alarm: bool = True) -> Match:
    """What a match becomes when the sender check failed: whom it seemed to be is whom somebody pretends to be."""
    reason = "authentication" if alarm else PASSED_ON
    return Match(
        Action.REVIEW if found.candidates else Action.UNKNOWN,
        spoof=alarm and bool(found.candidates),
        candidates=found.candidates,
        evidence=(Evidence(reason, sender, -8.0), *found.evidence),
    )


def _of_ours(weighed: Sequence[Weighed]) -> Match:
    """What we wrote belongs to the recipient; a mail to several customers would be hidden from all but one."""
    known = [one for one in weighed if one.score >= PROPOSE]
    if len(known) > 1 and not _same_customer(known[0], known[1]):
        return _ask(known, weighed)
    return _attached(known[0], weighed) if known and known[0].enough else _ask(known, weighed)


def _of_theirs(weighed: Sequence[Weighed]) -> Match:
    clients = [one for one in weighed if one.client]
    proposed = [one for one in weighed if one.score >= PROPOSE or one.client or one.settled or one.quoted]
    if not proposed:
        return Match(Action.UNKNOWN)
    if len(clients) > 1 and not _same_customer(clients[0], clients[1]):
        return _ask([*clients, *(one for one in proposed if not one.client)], weighed)
    best = clients[0] if clients and clients[0].enough else proposed[0]
    if _stands_out(best, weighed) and best.enough and _confidence(best, weighed) >= ATTACH:
        return _attached(best, weighed)
    return _ask(proposed, weighed)


def _stands_out(best: Weighed, weighed: Sequence[Weighed]) -> bool:
    own = best.settled
    return not any(one.settled - own or best.score - one.score < MARGIN for one in _rivals(best, weighed))


def _rivals(best: Weighed, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The other customers for whom something speaks. Who acts for a customer is not that customer's rival."""
    heard = [one for one in weighed if one.score > 0 or one.settled]
    rivals = [one for one in heard if one is not best and not _same_customer(one, best)]
    return [one for one in rivals if one.client] if best.client else rivals


def _attached(best: Weighed, weighed: Sequence[Weighed]) -> Match:
    return Match(
        Action.ATTACH,
        customer_id=best.id,
        confidence=_confidence(best, weighed),
        candidates=_ids([best, *(one for one in weighed if one.score >= PROPOSE)]),
        evidence=_shown(best),
    )


def _ask(proposed: Sequence[Weighed], weighed: Sequence[Weighed]) -> Match:
    if not proposed:
        return Match(Action.UNKNOWN)
    return Match(
        Action.REVIEW,
        confidence=_confidence(proposed[0], weighed),
        candidates=_ids(proposed),
        evidence=_shown(proposed[0]),
    )


def _shown(one: Weighed) -> tuple[Evidence, ...]:
    """The heaviest first, what speaks against last."""
    return tuple(sorted(one.evidence, key=lambda piece: -piece.weight))


def _ids(found: Sequence[Weighed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.id for one in found))[:CANDIDATES]


def _confidence(best: Weighed, weighed: Sequence[Weighed]) -> float:
    """The posterior probability of the best one, records of the same customer counted once."""
    odds = [exp(min(one.score, LARGEST)) for one in _rivals(best, weighed)]
    mine = exp(min(best.score, LARGEST))
    return round(min(HIGHEST, mine / (1 + mine + sum(odds))), 4)


def _same_customer(one: Weighed, other: Weighed) -> bool:
    """Whether two records are one customer entered twice: the same name at the same address."""
    a, b = one.file.customer, other.file.customer
    if a.kind is not b.kind or fold(a.street) != fold(b.street) or a.zip != b.zip or not a.street:
        return False
    if a.kind is CustomerKind.PERSON:
        mine, yours = names.parse_person(a.name), names.parse_person(b.name)
        return mine is not None and yours is not None and names.compare(mine, yours) is names.Likeness.EXACT
    return firms.compare(a.name, b.name) in (firms.FirmLikeness.EXACT, firms.FirmLikeness.VARIANT)
