"""From a read mail to what is decided about it: asks the rules their question, fetches the answers, hands them in.

Storing (assistant.intake) and explaining (assistant.explaining) share it, so that an explanation is what would happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.reader import ReadMail
from rules import addresses, authentication, matching, threads
from rules.terms.customer import IdentifierKind
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, RawMail, Verdict
from rules.terms.pooled import ThreadEntry
from storage.pool import Work


@dataclass(slots=True)
class Draft:
    """A read mail with what is decided about it so far."""

    mail: ReadMail
    source: RawMail
    verdict: Verdict
    direction: Direction
    question: matching.Question
    thread: str = ""
    match: Match = field(default_factory=lambda: Match(Action.UNKNOWN))


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
    direction = matching.direction_of(mail.message, role, verdict, firm)
    return Draft(mail, source, verdict, direction, matching.question(mail.message, mail.reading, direction, firm))


@dataclass(slots=True)
class Seen:
    """Mails that count as known though they are not in the pool, by Message-ID, and how their threads were joined."""

    entries: dict[str, ThreadEntry] = field(default_factory=dict)
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
    owners = work.customers.owners_of
    seen = seen or Seen()
    entries, names = seen.entries, seen.names
    named = {one for draft in drafts for one in draft.question.parents}
    named |= {draft.mail.message.message_id or "" for draft in drafts}
    entries |= work.messages.thread_entries(named - entries.keys() - {""})
    answers = matching.Answers(
        addresses=owners(IdentifierKind.ADDRESS, {key for draft in drafts for key in draft.question.addresses}),
        domains=owners(IdentifierKind.DOMAIN, {name for draft in drafts for name in draft.question.domains}),
        thread=entries,
    )
    joins: list[tuple[str, str]] = []
    for draft in drafts:
        message = draft.mail.message
        draft.thread = names.name(threads.thread_of(message, entries))
        for part in threads.joined(message, draft.thread, entries):
            other = names.name(part)
            if other != draft.thread:
                names.join(other, draft.thread)
                joins.append((other, draft.thread))
        draft.match = matching.decide(draft.question, answers, draft.verdict)
        if message.message_id:
            entries.setdefault(message.message_id, _entry(draft))
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
    )
