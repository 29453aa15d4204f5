"""A customer with what speaks for and against, added up (Fellegi and Sunter; rules.matching.weights)."""

from dataclasses import dataclass

from rules import firms
from rules.matching.answers import Answers
from rules.matching.clues import Clues
from rules.matching.evidence import AGREE, ALL, PLAIN, piece
from rules.matching.weights import TABLE
from rules.numbers import Number
from rules.terms.customer import CustomerFile, CustomerKind, IdentifierKind
from rules.terms.finding import Evidence

# What belongs to one customer only, and is not mistyped: a second customer with such a piece is a real rival.
_SETTLED = frozenset(
    {"address", "alias", "recipient", "forwarded", "form", "relayed", "thread", "thread-joined", "vat"}
)
# What says that the mail is somebody else's, whatever agrees.
_DENIED = frozenset({"other-vat", "other-firm", "left", "not-customer"})


@dataclass(frozen=True, slots=True)
class Weighed:
    """A customer with what speaks for and against.

    `client`: the writer says to act for that customer. `quoted`: a stranger writes about a number that we gave them.
    """

    file: CustomerFile
    evidence: tuple[Evidence, ...]
    client: bool = False
    quoted: bool = False

    @property
    def id(self) -> str:
        """The customer's id."""
        return self.file.customer.id

    @property
    def score(self) -> float:
        """Natural log-odds that the mail is this customer's, against a stranger's."""
        return sum(found.weight for found in self.evidence)

    @property
    def reasons(self) -> frozenset[str]:
        """The kinds of evidence."""
        return frozenset(found.reason for found in self.evidence)

    @property
    def enough(self) -> bool:
        """Whether there is one unique identifier that nothing denies, or two independent strong pieces.

        Two weak pieces that agree stand in for the second strong one.
        """
        pieces = [TABLE[found.reason] for found in self.evidence if found.weight > 0]
        strong = sum(kind.strong for kind in pieces)
        if any(kind.unique for kind in pieces) and not self.reasons & _DENIED:
            return True
        return strong > 1 or (strong == 1 and len(pieces) > 2)

    @property
    def settled(self) -> frozenset[tuple[str, str]]:
        """What speaks for this customer and is never another's by a slip of the pen."""
        return frozenset((found.reason, found.quote) for found in self.evidence if found.reason in _SETTLED)


def weigh(clues: Clues, file: CustomerFile, answers: Answers, *, plain: bool = False) -> Weighed:
    """Weigh what a mail says against a customer's record; of a `plain` one no more than address, thread and name."""
    theirs = plain or _is_theirs(clues, file, answers)
    quoted = not theirs and _is_quoted(clues, file, answers)
    client = not theirs and _is_client(clues, file, answers, quoted=quoted)
    readers = PLAIN if plain else ALL
    pieces = [found for reader in readers for found in reader(clues, file, answers)]
    if client:
        # Somebody else writes for them: name, address and line are the writer's own.
        pieces = [found for found in pieces if found.weight > 0]
        pieces.append(piece(clues, "client", ", ".join(clues.clients) or file.customer.name))
    return Weighed(file, tuple(pieces), client, quoted)


def _is_theirs(clues: Clues, file: CustomerFile, answers: Answers) -> bool:
    """Whether the writer has an address or a domain of this customer's."""
    keys = (
        *((IdentifierKind.ADDRESS, one) for one in clues.asked.addresses),
        *((IdentifierKind.DOMAIN, one) for one in clues.asked.domains),
    )
    return any(owner.customer_id == file.customer.id for key in keys for owner in answers.owned(*key).known)


def _is_client(clues: Clues, file: CustomerFile, answers: Answers, *, quoted: bool) -> bool:
    """Whether the writer, somebody else's, acts for this customer: says so, with the firm's name or its number.

    Who writes of one of our papers by its number, and names the firm that has it, need not say so.
    """
    if quoted and file.customer.kind is not CustomerKind.PERSON and clues.tells_firm(file.customer.name):
        return bool(clues.certain_firms) and not any(
            firms.compare(name, file.customer.name) in AGREE for name in clues.firm_names
        )
    if not clues.clients:
        return False
    if any(firms.compare(name, file.customer.name) in AGREE for name in clues.clients):
        return True
    return any(_owns(file, number, answers) for number in clues.numbers)


def _is_quoted(clues: Clues, file: CustomerFile, answers: Answers) -> bool:
    """Whether a number that the writer calls ours is of a paper of this customer's."""
    return any(number.ours and _owns(file, number, answers) for number in clues.numbers)


def _owns(file: CustomerFile, number: Number, answers: Answers) -> bool:
    found = answers.owned(IdentifierKind.NUMBER, number.value)
    return any(owner.customer_id == file.customer.id for owner in found.known)
