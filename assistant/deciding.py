"""From a read mail to what is decided about it: asks the rules their question, fetches the answers, hands them in.

Storing (assistant.intake) and explaining (assistant.explaining) share it, so that an explanation is what would happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.matcher import Matcher
from assistant.reader import ReadMail
from rules import addresses, authentication, matching, threads
from rules.complaints.frames import asked_of
from rules.terms.complaint import Assessment
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, RawMail, Verdict
from rules.terms.pooled import ThreadEntry
from rules.writers import How
from storage.pool import Work


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
        return self.mail.assessment if asked_of(self.mail.reading.kind, self.direction, ()) else None

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
        trusted: whether a `pass` in Authentication-Results can only be our own server's word.
    """
    sender = mail.message.sender.addr
    verdict = authentication.verdict(mail.message.authentication_results, firm.authserv_id, addresses.domain_of(sender))
    spoken_for = firm.is_web_form(sender) or firm.is_gateway(sender) or matching.ambiguous_sender(mail.message)
    if verdict is Verdict.PASS and (spoken_for or not trusted):
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
        draft.match = matcher.match(draft.question, passed_on=draft.passed_on)
        draft.traces = threads.left(message, draft.parties, entries)
        entry = _entry(draft)
        found |= dict.fromkeys(draft.traces, entry)
        if message.message_id:
            entries.setdefault(message.message_id, entry)
    for draft in drafts:
        draft.thread = names.name(draft.thread)
    return joins


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
