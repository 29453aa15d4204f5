"""What staff and other programs write into a customer's record: entries of the timeline, and particulars."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.bookkeeping import allow, plausible
from assistant.care import known
from assistant.promising import note_entry
from assistant.restricting import check_used
from rules.consents import measured, words_of
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.errors import NotFound, WrongUse
from rules.terms.interaction import PAPERS, Channel, Interaction, Reaction
from rules.terms.ledger import Particular
from rules.terms.staff import FieldGroup, Viewer
from rules.terms.worth import Bar
from storage.pool import Pool, Work
from storage.upserted import Upserted

# Why it is not kept that a mailing was opened (§ 25 TDDDG), in English and German.
UNMEASURED = (
    "That a mailing was opened is kept only with consent to measuring, and never of who objects to advertising",
    "Dass ein Mailing geöffnet wurde, wird nur mit Einwilligung ins Messen gespeichert, und nie von jemandem, der "
    "Werbung widerspricht",
)


@dataclass(frozen=True, slots=True)
class Notes:
    """Writing into records. `told` hears whose, after the commit."""

    pool: Pool
    told: Callable[[str], None] = lambda customer: None

    # entries of the timeline

    def add(self, entry: Interaction, external_id: str | None = None, *, consent: bool = False) -> str:
        """Add an entry of any channel but mail; its external id, a new one where none is given.

        The same external id again replaces the entry, and so does the same file of the same customer where no id is
        given. The content of a file (`entry.document`) has to be in the blob store.

        Raises:
            UnknownName: there is no such customer.
            WrongUse: it is empty, a mail or a paper, of an impossible day, or names a contact of somebody else.
        """
        if entry.channel is Channel.MAIL or entry.channel in PAPERS:
            raise WrongUse(
                problem="A mail comes by its mailbox, or with “kingpost ingest”; a paper with the books (/orders …).",
                problem_de="Eine Mail kommt über ihr Postfach oder mit „kingpost ingest“, ein Beleg mit den Büchern "
                "(/orders …).",
            )
        if not (entry.subject.strip() or entry.text.strip()):
            raise WrongUse(problem="Subject and text are empty.", problem_de="Betreff und Text sind leer.")
        if entry.reaction is not None and entry.channel is not Channel.MAILING:
            raise WrongUse(
                problem="Only a mailing has a reaction.", problem_de="Eine Reaktion gibt es nur auf ein Mailing."
            )
        if not plausible(entry.date.date()):
            raise WrongUse(problem="Nothing happened in that year.", problem_de="In diesem Jahr ist nichts geschehen.")
        with self.pool.begin() as work:
            customer, document = known(work, entry.customer_id), entry.document
            again = work.documents.external_id(customer, document.digest) if document and not external_id else None
            name = external_id or again or f"kingpost:{secrets.token_hex(12)}"
            contact = work.customers.contact(entry.contact_id) if entry.contact_id else None
            if entry.contact_id and (contact is None or contact.customer_id != customer):
                raise WrongUse(
                    problem=f"The customer has no contact “{entry.contact_id}”.",
                    problem_de=f"Der Kunde hat keinen Ansprechpartner „{entry.contact_id}“.",
                )
            if unmeasured(work, [(replace(entry, customer_id=customer), consent)])[0]:
                raise WrongUse(problem=f"{UNMEASURED[0]}.", problem_de=f"{UNMEASURED[1]}.")
            write(work, [entry], [name])
            written = work.interactions.by_external_id(name)
            if written is not None and written.id is not None:
                note_entry(work, customer, entry, written.id)
                work.documents.put(written.id, document)
        self.told(customer)
        return name

    def of(self, external_id: str) -> Interaction:
        """The entry of an external id.

        Raises:
            NotFound: there is none.
        """
        with self.pool.read() as work:
            found = work.interactions.by_external_id(external_id)
        if found is None:
            raise NotFound
        return found

    # particulars

    def particulars(self, viewer: Viewer, customer_id: str, today: date) -> list[Particular]:
        """What one should know of a customer on a day, newest first.

        Raises:
            Forbidden: the viewer has no right to particulars.
            UnknownName: there is no such customer.
        """
        allow(viewer, FieldGroup.PARTICULARS)
        with self.pool.read() as work:
            return work.particulars.of(known(work, customer_id), today)

    def add_particular(
        self, viewer: Viewer, customer_id: str, text: str, until: date | None, today: date
    ) -> Particular:
        """Write down what one should know of a customer, for good or until a day.

        Raises:
            Forbidden: the viewer has no right to particulars.
            UnknownName: there is no such customer.
            WrongUse: it says nothing.
        """
        allow(viewer, FieldGroup.PARTICULARS)
        with self.pool.begin() as work:
            made = work.particulars.add(known(work, customer_id), _said(text), until, viewer.login, today)
        self.told(made.customer_id)
        return made

    def change_particular(self, viewer: Viewer, id: int, text: str, until: date | None, today: date) -> Particular:
        """Let a particular say something else, or hold until another day.

        Raises:
            Forbidden: the viewer has no right to particulars, or the customer's data are only kept.
            NotFound: there is none of that number.
            WrongUse: it says nothing.
        """
        allow(viewer, FieldGroup.PARTICULARS)
        with self.pool.begin() as work:
            found = _particular(work, viewer, id)
            changed = replace(found, text=_said(text), until=until, author=viewer.login, since=today)
            work.particulars.change(changed)
        self.told(changed.customer_id)
        return changed

    def remove_particular(self, viewer: Viewer, id: int) -> None:
        """Take a particular out.

        Raises:
            Forbidden: the viewer has no right to particulars, or the customer's data are only kept.
            NotFound: there is none of that number.
        """
        allow(viewer, FieldGroup.PARTICULARS)
        with self.pool.begin() as work:
            customer = _particular(work, viewer, id).customer_id
            work.particulars.remove(id)
        self.told(customer)


def unmeasured(work: Work, told: Sequence[tuple[Interaction, bool]]) -> list[bool]:
    """Which entries may not be kept: that somebody opened a mailing who did not agree to being measured.

    Args:
        work: the unit of work.
        told: entries, each with whether whoever brings it says that they agreed.
    """
    opened = {entry.customer_id for entry, _ in told if entry.reaction is Reaction.OPENED}
    if not opened:
        return [False] * len(told)
    owners = {id: one.id for id, one in work.customers.get_many(opened).items()}
    words = {id: words_of(said) for id, said in work.consents.of_many(set(owners.values())).items()}
    bars = work.decisions.bars(set(owners.values()))

    def allowed(entry: Interaction, *, consent: bool) -> bool:
        whose = owners.get(entry.customer_id, entry.customer_id)
        objects = Bar.OBJECTION in bars.get(whose, ())
        return measured(words.get(whose, {}), entry.contact_id or "", objects=objects, told=consent)

    return [entry.reaction is Reaction.OPENED and not allowed(entry, consent=consent) for entry, consent in told]


def write(work: Work, entries: Sequence[Interaction], external_ids: Sequence[str]) -> Upserted:
    """Write entries into timelines. Whoever unsubscribed from a mailing objects to advertising from then on.

    Only what is new is an objection: one that staff have lifted since does not come back with the same file. The
    consent to e-mail stays withdrawn then.
    """
    left = [
        entry
        for entry, name in zip(entries, external_ids, strict=True)
        if entry.reaction is Reaction.UNSUBSCRIBED and work.interactions.by_external_id(name) is None
    ]
    for id, customer in work.customers.get_many({entry.customer_id for entry in left}).items():
        day = min(entry.date for entry in left if entry.customer_id == id).date()
        if Bar.OBJECTION not in work.decisions.bars([customer.id]).get(customer.id, ()):
            work.decisions.bar(customer.id, Bar.OBJECTION, day, Reaction.UNSUBSCRIBED.value)
    work.consents.add([_withdrawal(entry) for entry in left], once=True)
    return work.interactions.add(entries, external_ids)


def _withdrawal(entry: Interaction) -> Consent:
    """What somebody says of advertising by e-mail who unsubscribes from it."""
    by, source = entry.staff or Reaction.UNSUBSCRIBED.value, entry.subject
    return Consent(
        entry.customer_id,
        Purpose.EMAIL,
        given=False,
        date=entry.date.date(),
        way=Way.EMAIL,
        at=entry.date,
        contact_id=entry.contact_id or "",
        source=source,
        author=by,
    )


def _particular(work: Work, viewer: Viewer, id: int) -> Particular:
    found = work.particulars.get(id)
    if found is None:
        raise NotFound
    check_used(work, viewer, found.customer_id)
    return found


def _said(text: str) -> str:
    if not text.strip():
        raise WrongUse(problem="The text is empty.", problem_de="Der Text ist leer.")
    return text.strip()
