"""From a read mail to what is decided about it: asks the rules their question, fetches the answers, hands them in.

Storing (assistant.intake) and explaining (assistant.explaining) share it, so that an explanation is what would happen.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from assistant.matcher import Matcher
from assistant.reader import ReadMail
from connectors.smtp import RELAYED
from rules import addresses, authentication, matching, threads
from rules.complaints.frames import asked_of
from rules.terms.complaint import Assessment
from rules.terms.finding import Action, Evidence, Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, Placement, RawMail, Verdict
from rules.terms.pooled import ThreadEntry
from rules.writers import How
from storage.pool import Work


def believed(place: Placement, doors: Set[str]) -> bool:
    """Whether what a mail's Authentication-Results say can be our own server's word, by the way it came.

    Args:
        place: where it lies.
        doors: the names of mailboxes that the SMTP door fills: anybody may knock there, only relays are believed.
    """
    return place.mailbox not in doors or place.folder == RELAYED


@dataclass(slots=True)
class Draft:
    """A read mail with what is decided about it so far."""

    mail: ReadMail
    source: RawMail
    verdict: Verdict
    direction: Direction
    question: matching.Question
    parties: tuple[str, ...] = ()
    thread: str = ""
    traces: tuple[str, ...] = ()
    passed_on: bool = False
    match: Match = field(default_factory=lambda: Match(Action.UNKNOWN))

    @property
    def assessment(self) -> Assessment | None:
        """What was found of a complaint; None where the mail is not asked. Whose it is decides what is shown of it."""
        asked = asked_of(self.mail.reading.kind, self.direction, (), handed_on=self.mail.handed_on)
        return self.mail.assessment if asked else None

    @property
    def writer(self) -> str:
        """The canonical address of the person behind a mail that came in or was passed on in the house, else ""."""
        return "" if self.question.writers.how is How.RECIPIENT else self.question.sender


def draft_of(mail: ReadMail, source: RawMail, role: FolderRole, firm: Firm, *, trusted: bool = True) -> Draft:
    """What can be said of a mail before the pool is asked.

    Args:
        mail: the mail as read.
        source: as it came.
        role: what the folder it lies in is for.
        firm: who we are.
        trusted: whether Authentication-Results can be our own server's word (`believed`); if not, nobody was checked.
    """
    sender = mail.message.sender.addr
    verdict = Verdict.NONE
    if trusted:
        results, domain = mail.message.authentication_results, addresses.domain_of(sender)
        verdict = authentication.verdict(results, firm.authserv_id, domain)
    spoken_for = firm.is_web_form(sender) or firm.is_gateway(sender) or matching.ambiguous_sender(mail.message)
    if verdict is Verdict.PASS and spoken_for:
        # The pass is the form's, the gateway's, or that of one of several senders: not of whom the mail names.
        verdict = Verdict.NONE
    passed_on = verdict is Verdict.FAIL and authentication.passed_on(
        mail.message.authentication_results, firm.authserv_id
    )
    if passed_on and authentication.sealer(mail.message.headers.get("arc-seal", "")) in firm.trusted_arc:
        verdict = Verdict.NONE
    elif verdict is Verdict.FAIL and not passed_on:
        envelope = mail.message.headers.get("return-path", "").strip("<> ")
        passed_on = authentication.changed_on_the_way(
            mail.message.authentication_results, firm.authserv_id, sender, envelope
        )
    direction = matching.direction_of(mail.message, mail.reading.kind, role, verdict, firm)
    question = matching.question(mail.message, mail.reading, direction, firm)
    parties = threads.parties(mail.message, firm)
    return Draft(mail, source, verdict, direction, question, parties, passed_on=passed_on)


@dataclass(slots=True)
class Seen:
    """Mails that count as known though they are not in the pool, by Message-ID and by the traces they left.

    `names` tells how their threads were joined.
    """

    entries: dict[str, ThreadEntry] = field(default_factory=dict)
    found: dict[str, ThreadEntry] = field(default_factory=dict)
    names: threads.ThreadNames = field(default_factory=threads.ThreadNames)


def decide(work: Work, drafts: Sequence[Draft], seen: Seen | None = None) -> list[tuple[str, str]]:
    """Match and thread drafts in order, with one look into the pool for all; a later one sees the earlier ones.

    Args:
        work: the pool.
        drafts: what is to be decided; filled in place.
        seen: mails that are not in the pool but count as known; the drafts are added.

    Returns:
        Threads that turned out to be parts of others, if there are such: (the part, what it belongs to), in order.
    """
    seen = seen or Seen()
    entries, found, names = seen.entries, seen.found, seen.names
    named = {one for draft in drafts for one in draft.question.parents}
    named |= {draft.mail.message.message_id or "" for draft in drafts}
    entries |= work.messages.thread_entries(named - entries.keys() - {""})
    traces = {trace for draft in drafts for trace in threads.looked_for(draft.mail.message, draft.parties)}
    found |= work.messages.found_by(traces - found.keys())
    never = work.senders.never({one for draft in drafts for one in _sought(draft)})
    matcher = Matcher(work, [(draft.question, draft.verdict) for draft in drafts], entries)
    joins: list[tuple[str, str]] = []
    for draft in drafts:
        message = draft.mail.message
        linked = threads.links(message, draft.parties, entries, found)
        draft.thread = names.name(threads.thread_of(message, linked, entries))
        for part in threads.joined(linked):
            other = names.name(part)
            if other != draft.thread:
                names.join(other, draft.thread)
                joins.append((other, draft.thread))
        draft.match = _unless_never(draft, matcher.match(draft.question, passed_on=draft.passed_on), never)
        draft.traces = threads.left(message, draft.parties, entries)
        entry = _entry(draft)
        found |= dict.fromkeys(draft.traces, entry)
        if message.message_id:
            entries.setdefault(message.message_id, entry)
    for draft in drafts:
        draft.thread = names.name(draft.thread)
    return joins


def _sought(draft: Draft) -> list[str]:
    return [addresses.canonical(person.addr) for person in draft.question.writers.people]


def _unless_never(draft: Draft, match: Match, never: Mapping[str, str]) -> Match:
    """What was decided, unless staff said of everybody who is sought that mail with them is never filed.

    A warning stays one.
    """
    sought = _sought(draft)
    if not sought or match.spoof or not all(address in never for address in sought):
        return match
    said = dict.fromkeys(never[address].removeprefix("@") for address in sought)
    return Match(Action.UNKNOWN, evidence=(Evidence("never-filed", ", ".join(said)),))


def _entry(draft: Draft) -> ThreadEntry:
    message = draft.mail.message
    people = (message.sender, *message.recipients, *message.reply_to)
    return ThreadEntry(
        message_id=message.message_id or "",
        thread=draft.thread,
        direction=draft.direction,
        customer_id=draft.match.customer_id,
        contact_id=draft.match.contact_id,
        participants=frozenset(person.addr.lower() for person in people if person.addr),
        subject=message.subject,
        date=message.date,
        replied=bool(message.in_reply_to),
    )
