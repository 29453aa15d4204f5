"""Is somebody pretending to be a customer? A known name on a foreign address, or a domain made to be taken for theirs.

The sender's domain may pass its own check: it is the impostor's own. What the mail claims is held against the address
it comes from, and the circumstances are weighed in log-odds, like evidence (SIGNS). A person who merely bears the
name, somebody's private address with evidence that fits, a list that rewrites addresses, a supplier with a similar
name are no alarm. Which firm's people are whose is the pool's knowledge: of strangers nothing is said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log

from rules import addresses, lookalikes, names
from rules.folding import folds
from rules.identifiers import mail_addresses, person_key
from rules.lookalikes import Resemblance
from rules.matching import pretexts
from rules.matching.answers import Answers, domains_of
from rules.matching.clues import Clues
from rules.matching.contacts import mobile_of, names_of
from rules.matching.weighing import Weighed
from rules.names import Likeness, Person
from rules.terms.customer import Contact, CustomerFile, CustomerKind, IdentifierKind
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Verdict
from rules.writers import How

CANDIDATES = 3
# Above this it is a warning; above the other nothing is filed without asking.
WARN, HESITATE = 0.0, -1.0

SIGNS: Mapping[str, float] = {
    # How the address relates to the customer whose name is used. One of these is the beginning.
    "lookalike": 4.0,  # made to be taken for theirs
    "other-ending": 1.0,  # their name, with another ending
    "foreign": -1.5,  # any other address, with a person's name and the firm's
    "name-only": -2.5,  # any other address, with a person's name alone: there are namesakes
    # What makes it worse.
    "shown-address": 6.0,  # the customer's address stands where the name belongs
    "pretext": 4.5,  # a wish that impostors are known for
    "everyday-wish": 1.5,  # one that honest people have as often
    "firm-in-display": 2.0,  # private addresses do not carry the firm's name
    "nothing-else": 1.0,  # the firm has its own domain, and nothing but names is told
    "elsewhere": 1.0,  # answers go to yet another domain
    "strange-local": 1.0,  # the address is not made of the name
    # What makes it better, unless the domain is a look-alike.
    "fitting-local": -1.5,  # the address is made of the name
    "in-text": -1.0,  # who deceives writes the name where mail programs show it
    "told-address": -2.0,  # the address is theirs, if the form or list is right
    "secret": -2.5,  # one of our numbers: outsiders do not know them
    "thread": -3.0,  # an answer to a mail of ours
    "line": -1.5,  # telephone or street; both stand on web pages, and below any mail
    "position": -1.0,  # the person's position as we know it
}
LOOKALIKES = (Resemblance.DISGUISED, Resemblance.MISTYPED, Resemblance.EXTENDED)
OWN = frozenset({"address", "alias", "domain", "recipient", "forwarded"})
_NAMES_FIRM = frozenset({"firm", "vat"})
_DENIALS = frozenset({"other-vat", "other-firm", "left", "not-customer", "other-place", "other-home"})
# What outsiders do not know, or did not get from us.
_SECRET = frozenset({"number", "reference", "thread", "thread-joined"})
_PARTICULARS = frozenset(
    {"phone", "street", "place", "number", "reference", "vat", "thread", "thread-joined", "tenant", "form", "relayed"}
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A customer whom the mail claims to come from: in whose name, and how the address relates to theirs."""

    weighed: Weighed
    contact: Contact | None
    person: Person | None
    firm: bool
    shown: str
    resemblance: Resemblance | None


def checked(clues: Clues, weighed: Sequence[Weighed], answers: Answers, found: Match) -> Match:
    """What was decided, unless it is suspicious: then a warning, with the customer who is probably impersonated first.

    Where suspicion is not enough for a warning and too much for filing without asking, a person decides.
    """
    claims = [claim for one in weighed if (claim := _claim(clues, one)) is not None]
    if any(one.reasons & OWN for one in weighed):
        # One of our customers, whose people bear others' names now and then.
        claims = [claim for claim in claims if claim.shown or claim.resemblance in LOOKALIKES]
    judged = [
        (sum(SIGNS[sign] for sign in _signs(clues, claim)) - _namesakes(claim, answers), claim) for claim in claims
    ]
    judged.sort(key=lambda pair: -pair[0])
    if judged and judged[0][0] > WARN:
        return _warning(clues, judged)
    if found.action is not Action.ATTACH:
        return found
    filed = next(one for one in weighed if one.id == found.customer_id)
    if "address-like" in filed.reasons or any(
        odds > HESITATE and claim.weighed.id == found.customer_id for odds, claim in judged
    ):
        return _asked_about(found, Evidence("foreign-address", clues.asked.sender))
    return _unless_touchy(clues, found) if _known_by_public(clues, filed) else found


def _unless_touchy(clues: Clues, found: Match) -> Match:
    """What was decided of somebody known by public particulars alone, unless money, goods or access hang on it."""
    if wish := pretext(clues):
        alarm = _asked_about(replace(found, spoof=True), Evidence("pretext", wish, SIGNS["pretext"]))
        return replace(alarm, evidence=(Evidence("foreign-address", clues.asked.sender), *alarm.evidence))
    matter = pretexts.touchy(_letter(clues)) or everyday(clues)
    return _asked_about(found, Evidence("public-only", matter)) if matter else found


def _known_by_public(clues: Clues, one: Weighed) -> bool:
    """Whether from a strange address nothing is told of a customer but what stands in imprints and below old mails."""
    if clues.asked.writers.how is not How.SENDER or one.reasons & (OWN | _SECRET):
        return False
    return mobile_of(clues, one.file) is None


def _asked_about(found: Match, doubt: Evidence) -> Match:
    return replace(
        found,
        action=Action.REVIEW,
        customer_id=None,
        contact_id=None,
        confidence=0.5,
        evidence=(doubt, *found.evidence),
    )


def answerable(clues: Clues, filed: Weighed, found: Match, verdict: Verdict) -> Match:
    """What was decided, unless answers would go to a stranger: then nothing is filed that our server cannot vouch for.

    With a wish of impostors, or an address made to be taken for the sender's, it is a warning.
    """
    elsewhere = clues.asked.elsewhere if clues.asked.writers.how is How.SENDER else ""
    if not elsewhere or found.action is not Action.ATTACH or elsewhere in _addresses_of(filed.file):
        return found
    there = addresses.registrable(addresses.domain_of(elsewhere))
    if there in domains_of(filed.file):
        return found
    own = addresses.registrable(addresses.domain_of(clues.asked.sender))
    doubt = Evidence("elsewhere", elsewhere, SIGNS["elsewhere"])
    if pretext(clues) or lookalikes.resemblance(there, own) in LOOKALIKES:
        return _asked_about(replace(found, spoof=True), doubt)
    return found if verdict is Verdict.PASS else _asked_about(found, doubt)


def pretext(clues: Clues) -> str:
    """What the mail wishes that impostors are known for; "" when nothing."""
    return pretexts.found(_letter(clues))


def everyday(clues: Clues) -> str:
    """What the mail wishes that honest people wish as often; "" when nothing."""
    return pretexts.everyday(_letter(clues))


def _letter(clues: Clues) -> str:
    """Subject and text; firms' signatures name bank accounts too."""
    said = clues.asked.writers.text.removesuffix(clues.asked.writers.signature)
    return f"{clues.asked.subject}\n{said}"


# What is claimed


def _claim(clues: Clues, one: Weighed) -> _Claim | None:
    """What of this customer the mail claims, from an address that is not theirs."""
    if one.client or one.reasons & OWN or not clues.asked.sender or clues.relayed:
        return None
    how = clues.asked.writers.how
    if how in (How.RELAY, How.FORM) and not one.reasons & {"form", "relayed"}:
        return None
    resemblance = _resemblance(clues, one)
    contact, person = _claimed_person(clues, one, like=resemblance in LOOKALIKES)
    shown = _shown_address(clues, one)
    firm = bool(one.reasons & {"firm", "firm-like"})
    denied = bool(one.reasons & _DENIALS)
    if person is None and contact is None and not shown:
        # A stranger who names the firm: a branch, a namesake in another town, or an impostor who invents people.
        if not one.reasons & _NAMES_FIRM or denied or resemblance not in LOOKALIKES:
            return None
    elif denied and not (firm or shown or resemblance):
        return None
    return _Claim(one, contact, person, firm, shown, resemblance)


def _claimed_person(clues: Clues, one: Weighed, *, like: bool) -> tuple[Contact | None, Person | None]:
    """The customer's person whose whole name the mail bears, or whose address's first part it has at a look-alike."""
    wanted = (Likeness.EXACT, Likeness.VARIANT) if like else (Likeness.EXACT,)
    for person in clues.whole_persons:
        for contact, known in names_of(one.file):
            if names.compare(person, known) in wanted and (contact or one.file.customer.kind is CustomerKind.PERSON):
                return contact, person
    local = clues.asked.sender.partition("@")[0]
    for contact in one.file.contacts if like else ():
        if any(address.partition("@")[0] == local for address in mail_addresses(contact.email)):
            return contact, None
    return None, None


def _addresses_of(file: CustomerFile) -> set[str]:
    fields = (file.customer.email, *(field for person in file.contacts for field in (person.email, person.email2)))
    return {address for field in fields for address in mail_addresses(field)}


def _shown_address(clues: Clues, one: Weighed) -> str:
    """An address of the customer that stands in the display name, beside another one."""
    own = _addresses_of(one.file) if clues.shown_addresses else set()
    return next((address for address in clues.shown_addresses if address in own), "")


def _resemblance(clues: Clues, one: Weighed) -> Resemblance | None:
    """How the sender's domain resembles one of the customer's own; the most deceptive resemblance counts."""
    # A stored domain with a slip in its ending is nobody's: what resembles it is most likely what was meant.
    found = {_alike(clues, own) for own in domains_of(one.file) if addresses.ending_exists(own)}
    return next((like for like in (*LOOKALIKES, Resemblance.SAME) if like in found), None)


def _alike(clues: Clues, own: str) -> Resemblance | None:
    return lookalikes.resemblance(addresses.domain_of(clues.asked.sender), own) if clues.domain else None


# What speaks for an imposture, and against


def _signs(clues: Clues, claim: _Claim) -> Iterator[str]:
    reasons = claim.weighed.reasons
    wish = pretext(clues)
    if wish:
        yield "pretext"
    elif not reasons & _SECRET and everyday(clues):
        yield "everyday-wish"
    if claim.shown:
        yield "shown-address"
    if clues.asked.elsewhere:
        yield "elsewhere"
    if claim.resemblance in LOOKALIKES:
        # Whoever registers a domain for it copies all that stands below the real mails, and their threads too.
        yield "lookalike"
        return
    if reasons & {"number", "reference"}:
        yield "secret"
    if claim.resemblance is Resemblance.SAME:
        yield "other-ending"
        return
    yield "foreign" if claim.firm else "name-only"
    if reasons & {"thread", "thread-joined"}:
        yield "thread"
    if reasons & {"form", "relayed"}:
        yield "told-address"
    elif claim.person is not None:
        yield "fitting-local" if _fits(clues.local, claim.person) else "strange-local"
    if not clues.display:
        yield "in-text"
    elif claim.firm and claim.person is not None and clues.names_firm_in_display:
        yield "firm-in-display"
    yield from _particulars(clues, claim, public=not wish)


def _particulars(clues: Clues, claim: _Claim, *, public: bool) -> Iterator[str]:
    """What else the mail tells of the customer. What all can read counts for nothing beside such a wish."""
    reasons = claim.weighed.reasons
    held = claim.contact is not None and _stands_in(claim.contact.role, clues.signature)
    if public:
        yield from ("line" for reason in ("phone", "street") if reason in reasons)
        if held:
            yield "position"
    if claim.firm and not held and not reasons & _PARTICULARS and domains_of(claim.weighed.file):
        yield "nothing-else"


def _stands_in(role: str, signature: str) -> bool:
    return bool(role) and role.casefold() in signature.casefold()


def _fits(local: str, person: Person) -> bool:
    """Whether an address is made of a name."""
    words = {word for name in (person.last, person.first) for way in folds(name) for word in names.words_of(way)}
    return any(len(word) > 2 and word in local for word in words)


def _namesakes(claim: _Claim, answers: Answers) -> float:
    """What is taken off where only a name is claimed that several bear."""
    if claim.firm or claim.person is None or claim.resemblance is not None:
        return 0.0
    return log(max(1, answers.owned(IdentifierKind.PERSON, person_key(claim.person)).count))


# The warning


def _warning(clues: Clues, judged: Sequence[tuple[float, _Claim]]) -> Match:
    odds, claim = judged[0]
    return Match(
        Action.REVIEW,
        spoof=True,
        confidence=round(1 / (1 + exp(-odds)), 4),
        candidates=tuple(dict.fromkeys(other.weighed.id for _, other in judged))[:CANDIDATES],
        evidence=tuple(_reasons(clues, claim)),
    )


def _reasons(clues: Clues, claim: _Claim) -> Iterator[Evidence]:
    """Why, in what staff can see for themselves; then what seemed to fit."""
    if claim.resemblance is not None:
        real = next(own for own in sorted(domains_of(claim.weighed.file)) if _alike(clues, own) is claim.resemblance)
        sign = "lookalike" if claim.resemblance in LOOKALIKES else "other-ending"
        yield Evidence(sign, f"{clues.domain} ≠ {real}", SIGNS[sign])
    else:
        yield Evidence("foreign-address", clues.asked.sender)
    if claim.shown:
        yield Evidence("shown-address", f"{claim.shown} ≠ {clues.asked.sender}", SIGNS["shown-address"])
    if wish := pretext(clues):
        yield Evidence("pretext", wish, SIGNS["pretext"])
    yield from (piece for piece in claim.weighed.evidence if piece.weight > 0)
