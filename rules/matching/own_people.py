"""Does somebody pretend to be one of us? The chief who asks for a payment, from an address that is not the firm's.

Whoever bears a colleague's name is no impostor for that: a wish that impostors are known for, or a domain made to be
taken for ours, has to come with it (rules.matching.pretexts, rules.lookalikes).
"""

from rules import addresses, firms, lookalikes, names
from rules.lookalikes import Resemblance
from rules.matching.clues import Clues
from rules.matching.trust import LOOKALIKES, SIGNS, pretext
from rules.names import Likeness
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Verdict
from rules.writers import How

_SAME_NAME = (Likeness.EXACT, Likeness.VARIANT)


def imitated(clues: Clues, verdict: Verdict) -> Match | None:
    """The warning that a stranger writes in the name of one of us; None where nobody does."""
    asked = clues.asked
    if asked.writers.how is not How.SENDER or not asked.sender:
        return None
    if asked.firm.is_own(asked.sender):
        forged = Evidence("authentication", asked.sender, -8.0)
        return _warning(forged) if verdict is Verdict.FAIL else None
    wish = pretext(clues)
    own, resemblance = _own_domain(clues)
    named = _our_name(clues)
    alike = resemblance in LOOKALIKES
    if not (named and (alike or wish)) and not (wish and resemblance is not None):
        return None
    pieces = []
    if resemblance is not None:
        sign = "lookalike" if alike else "other-ending"
        pieces.append(Evidence(sign, f"{clues.domain} ≠ {own}", SIGNS[sign]))
    if named:
        pieces.append(Evidence("own-name", named))
    if wish:
        pieces.append(Evidence("pretext", wish, SIGNS["pretext"]))
    return _warning(*pieces)


def _own_domain(clues: Clues) -> tuple[str, Resemblance | None]:
    """Which of our domains the sender's resembles, and how; the most deceptive resemblance counts."""
    if not clues.domain:
        return "", None
    domain = addresses.domain_of(clues.asked.sender)
    found = {own: lookalikes.resemblance(domain, own) for own in sorted(clues.asked.firm.domains)}
    for wanted in (*LOOKALIKES, Resemblance.SAME):
        for own, like in found.items():
            if like is wanted:
                return own, like
    return "", None


def _our_name(clues: Clues) -> str:
    """The name of one of our people, or of the firm, that the sender goes by; "" where they go by their own."""
    firm = clues.asked.firm
    ours = [person for name in sorted(firm.people) if (person := names.parse_person(name)) is not None]
    for person in clues.whole_persons:
        if any(names.compare(person, one) in _SAME_NAME for one in ours):
            return f"{person.first} {person.last}"
    called = bool(firm.name and clues.display) and firms.compare(clues.display, firm.name)
    return clues.display if called in (firms.FirmLikeness.EXACT, firms.FirmLikeness.VARIANT) else ""


def _warning(*pieces: Evidence) -> Match:
    return Match(Action.UNKNOWN, spoof=True, evidence=pieces)
