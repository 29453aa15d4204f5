"""A pool in memory for the tests of matching: a few records, looked up as storage would."""

from collections.abc import Iterable, Mapping
from inspect import cleandoc
from itertools import groupby

from connectors.mime import read
from rules import identifiers, matching, numbers, reading
from rules.terms.customer import Contact, Customer, CustomerFile, IdentifierKind, Known, Owners, Reference
from rules.terms.finding import Match
from rules.terms.firm import Firm
from rules.terms.mail import FolderRole, Verdict
from rules.terms.pooled import ThreadEntry

FIRM = Firm(
    name="Muster & Partner GmbH",
    domains=frozenset({"muster.example"}),
    staff=frozenset({"frei@gmx.de"}),
    web_form_senders=frozenset({"formular@muster.example"}),
    fax_gateways=frozenset({"fax@bote.example"}),
    freemail=frozenset({"postfach.example"}),
)


class SmallPool:
    """Records with their identifiers, and what is decided about a mail with them."""

    def __init__(
        self,
        customers: Iterable[Customer] = (),
        contacts: Iterable[Contact] = (),
        references: Iterable[Reference] = (),
        firm: Firm = FIRM,
    ) -> None:
        """Index the records."""
        self.firm = firm
        by_id = {one.id: one for one in customers}
        people = list(contacts)
        self.files = {
            id: CustomerFile(one, tuple(person for person in people if person.customer_id == id))
            for id, one in by_id.items()
        }
        known = [key for one in by_id.values() for key in identifiers.of_customer(one, firm)]
        known += [key for one in people for key in identifiers.of_contact(one, firm, by_id[one.customer_id].country)]
        known += [
            Known(IdentifierKind.NUMBER, numbers.normal(one.number), one.customer_id, None, one.type)
            for one in references
        ]
        self.shapes: dict[str, dict[str, int]] = {"customer": {}, "order": {}}
        for number in (*(one.customer_no for one in by_id.values()), *(one.number for one in references)):
            if number:
                self.shapes["customer"][numbers.shape(number)] = 5
        known.sort(key=lambda one: (one.kind, one.value, one.customer_id, one.contact_id or ""))
        self.owners = {
            key: Owners(found[:20], len({one.customer_id for one in found}))
            for key, group in groupby(known, key=lambda one: (one.kind, one.value))
            if (found := tuple(group))
        }

    def decide(
        self,
        mail: str,
        verdict: Verdict = Verdict.NONE,
        thread: Mapping[str, ThreadEntry] | None = None,
        folder: FolderRole = FolderRole.INBOX,
        *,
        passed_on: bool = False,
    ) -> Match:
        """What is decided about a mail, given as its source."""
        message = read(cleandoc(mail).replace("\n", "\r\n").encode()).message
        read_mail = reading.read(message, self.firm)
        direction = matching.direction_of(message, read_mail.kind, folder, verdict, self.firm)
        clues = matching.Clues(matching.question(message, read_mail, direction, self.firm), self.shapes)
        answers = matching.Answers(self.owners, self.files, thread or {})
        plain = matching.is_plain(clues, answers, verdict)
        chosen = matching.candidates(clues, answers, {} if plain else matching.keys_of(clues))
        answers = matching.Answers(self.owners, {id: self.files[id] for id in chosen if id in self.files}, thread or {})
        return matching.decide(clues, answers, verdict, plain=plain, passed_on=passed_on)


def mail(sender: str, body: str = "Guten Tag,\n\nwann kommt die Ware?", *more: str, subject: str = "Anfrage") -> str:
    """The source of a short mail; `more` are further header lines."""
    head = [f"From: {sender}", f"Subject: {subject}", "To: info@muster.example", "Message-ID: <m@x.example>", *more]
    return "\n".join((*head, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", body))


def reasons(match: Match) -> set[str]:
    """The kinds of evidence."""
    return {piece.reason for piece in match.evidence}
