"""How much each piece of evidence says: the one table, in probabilities a person can argue about.

Fellegi and Sunter (1969): a piece of evidence weighs ln(m / u). `m` is how often it is seen when the mail really is
that customer's (and the mail shows such a thing at all), `u` how often it is seen when it is somebody else's. What
many customers share says less: ln(number of customers that share it) is taken off (term frequency). The numbers are
judgements about how firms write mail, not fitted to any set of mails; a firm may set other weights in [matching].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Piece:
    """A kind of evidence. `unique`: alone enough to file by; `strong`: two of them are."""

    reason: str
    m: float
    u: float
    because: str
    unique: bool = False
    strong: bool = False

    @property
    def weight(self) -> float:
        """In natural log-odds, positive for, negative against."""
        return round(log(self.m / self.u), 1)


FOR = (
    # Who writes from a stored address is nearly always who it belongs to; people leave firms and lend their accounts.
    Piece("address", 0.98, 0.003, "mailboxes are inherited and lent now and then", unique=True, strong=True),
    # The same mailbox: with a tag that only its owner knows, or with the dots that Gmail ignores.
    Piece("alias", 0.98, 0.006, "as the address; a catch-all mailbox may belong to several", unique=True, strong=True),
    # A private mailbox that is one slip off: theirs, mistyped in the records, somebody else's, or an impostor's.
    Piece("address-like", 0.5, 0.08, "other people's addresses are as near"),
    # We wrote to them.
    Piece("recipient", 0.98, 0.003, "as the address", unique=True, strong=True),
    # Copied from the mail that was passed on; anybody could have written that.
    Piece("forwarded", 0.98, 0.01, "the lines of a forwarded mail prove nothing", unique=True, strong=True),
    Piece("form", 0.95, 0.02, "anybody can type an address into a form", unique=True, strong=True),
    # Named by a list or portal that put its own address in From.
    Piece("relayed", 0.95, 0.02, "such headers are claims, anybody can write them", unique=True, strong=True),
    # Our Message-ID cannot be guessed, and this person had taken part.
    Piece("thread", 0.95, 0.008, "threads are taken up again for another matter", unique=True, strong=True),
    # Somebody new answers our mail: a colleague, a second address, or a third party it was passed on to.
    Piece("thread-joined", 0.6, 0.01, "our mails are passed on to third parties", unique=True, strong=True),
    # Only the firm's people have addresses there.
    Piece("domain", 0.9, 0.012, "sister firms and tenants share domains unknown to us", unique=True, strong=True),
    Piece("recipient-domain", 0.9, 0.012, "as the domain", unique=True, strong=True),
    # One customer has an address there, and nothing says that the domain is that customer's own.
    Piece("domain-doubtful", 0.5, 0.08, "it may be a small provider"),
    # The firm's name with another ending or spelling (.eu for .de, umlauts, hyphens): theirs, or a namesake's.
    Piece("domain-name", 0.5, 0.06, "other firms of the name own the other endings"),
    # Checked digits, one legal person.
    Piece("vat", 0.99, 0.001, "typing errors that still check", unique=True, strong=True),
    # Printed on our letters to this customer only.
    Piece("number", 0.95, 0.008, "numbers are mistyped, or quoted for another", unique=True, strong=True),
    Piece("reference", 0.95, 0.01, "numbers are mistyped, or quoted for another", unique=True, strong=True),
    # The line, whatever the extension.
    Piece("phone", 0.9, 0.015, "lines are shared in office buildings and pass on", unique=True, strong=True),
    Piece("firm", 0.9, 0.07, "there are namesakes in other towns", strong=True),
    Piece("firm-like", 0.5, 0.14, "a slip of the pen, or another firm"),
    Piece("tenant", 0.7, 0.08, "the help desk or shop is named after its owner", strong=True),
    # "On behalf of our client …": somebody else's mail in this customer's matter.
    Piece("client", 0.7, 0.1, "others are named in such sentences too", strong=True),
    Piece("person", 0.9, 0.1, "there are namesakes", strong=True),
    Piece("person-like", 0.7, 0.28, "nickname, initial, double name: or another person"),
    # Below a mail from an address that several of a household use.
    Piece("first-name", 0.9, 0.1, "children and namesakes write from it too"),
    Piece("surname", 0.9, 0.4, "a surname is shared by many"),
    # A private customer's, where the list of common names does not have it and few in the pool do.
    Piece("rare-surname", 0.9, 0.15, "relatives bear it too", strong=True),
    # Street and number, or one of them with the postcode.
    Piece("street", 0.85, 0.03, "neighbours in one building", strong=True),
    Piece("place", 0.85, 0.3, "a town has many firms"),
    # The town of a private customer with a rare name that no other customer there has.
    Piece("residence", 0.85, 0.12, "relatives live there too", strong=True),
)
AGAINST = (
    # One customer has one VAT id; sister firms have their own.
    Piece("other-vat", 0.01, 0.9, "records are out of date"),
    # The signature names a firm, and it is not this one.
    Piece("other-firm", 0.03, 0.75, "brands, former names, records out of date"),
    # The address is another customer's.
    Piece("other-address", 0.08, 0.6, "people who changed employers, second addresses"),
    # Written from a domain that some other firm owns.
    Piece("other-domain", 0.15, 0.6, "second domains, hosting names"),
    Piece("other-place", 0.2, 0.65, "branches, people who moved"),
    # A private person has one home, and says so when moving.
    Piece("other-home", 0.08, 0.65, "holiday homes, students"),
    Piece("other-phone", 0.35, 0.65, "mobiles, branches, new numbers"),
    # A private customer's mail, signed by somebody else.
    Piece("other-person", 0.2, 0.65, "families write from one address"),
    # "I no longer work there", "we are not your customer yet".
    Piece("left", 0.01, 0.6, "it is said of somebody else"),
    Piece("not-customer", 0.03, 0.6, "a colleague does not know of the account"),
)
TABLE: Mapping[str, Piece] = {piece.reason: piece for piece in (*FOR, *AGAINST)}
