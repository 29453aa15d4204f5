"""Which thread a mail belongs to. A thread is named after the first mail of it that was seen.

A mail finds its thread by the mails it names (RFC 5322, 3.6.4) where these are at hand. Where they are not, by *traces*
that earlier mails left for it. They tell which missing mail was named, and with whom the thread is led:

    b answers a, a is not there      b leaves "a, with Hansen"
    c answers a as well              c looks for "a, with Hansen", finds b
    a arrives                        a looks for "a, with Hansen", finds b
    d names nothing, but is an       d looks for "this subject, from us to Hansen", finds what it answers
    answer by its subject

Whoever shares no more with others than that they name one mail stays by themselves: fifty firms answer a circular, and
some programs put the same References into all they send. Only a telling subject counts where nothing is named.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice

from rules import addresses, subjects
from rules.terms.firm import Firm
from rules.terms.mail import Address, Message
from rules.terms.pooled import ThreadEntry

# Of a long list of references the nearest and the first ones are looked for.
_NEAREST, _FIRST = 20, 10
_MOST_PARTIES = 8
_ANSWERED_WITHIN = timedelta(days=30)


def parents(message: Message) -> tuple[str, ...]:
    """The Message-IDs this mail answers, nearest first, each once (RFC 5322 3.6.4); never its own."""
    named = dict.fromkeys((*message.in_reply_to, *reversed(message.references)))
    named.pop(message.message_id or "", None)
    return tuple(named)


class ThreadNames:
    """Threads that turned out to be one, as far as they were met: which name stands for which."""

    def __init__(self) -> None:
        self._stands_for: dict[str, str] = {}

    def name(self, thread: str) -> str:
        """The name under which a thread goes on."""
        last = thread
        while last in self._stands_for:
            last = self._stands_for[last]
        while thread != last:
            # The way is shortened for the next one who asks.
            following = self._stands_for[thread]
            self._stands_for[thread] = last
            thread = following
        return last

    def join(self, other: str, thread: str) -> None:
        """Let the other thread go on under the name of this one."""
        other, thread = self.name(other), self.name(thread)
        if other != thread:
            self._stands_for[other] = thread


def parties(message: Message, firm: Firm) -> tuple[str, ...]:
    """With whom this mail is exchanged: firms by their domain, people by their address; ourselves if nobody else."""
    people = [
        addresses.canonical(person.addr)
        for person in (message.sender, *message.reply_to, *message.recipients)
        if person.addr
    ]
    others = [addr for addr in people if not firm.is_own(addr)] or people
    return tuple(dict.fromkeys(_party(addr, firm) for addr in others))[:_MOST_PARTIES]


def left(message: Message, led_with: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """The traces this mail leaves for later ones.

    Args:
        message: the mail.
        led_with: its `parties`.
        known: Message-IDs of mails at hand, by which their answers are found anyway.
    """
    missing = [named for named in _bounded(parents(message)) if named not in known]
    return (*_traces(missing, led_with), *_of_subject(message.subject, (message.sender,), message.to))


def looked_for(message: Message, led_with: Collection[str]) -> tuple[str, ...]:
    """The traces by which this mail may find its thread."""
    return (
        *_own_traces(message, led_with),
        *_traces(_bounded(parents(message)), led_with),
        *_answered_traces(message),
    )


def links(
    message: Message, led_with: Collection[str], known: Mapping[str, ThreadEntry], found: Mapping[str, ThreadEntry]
) -> tuple[ThreadEntry, ...]:
    """The mails with which this one shares a thread, nearest first.

    Args:
        message: the mail.
        led_with: its `parties`.
        known: what the pool knows under the Message-IDs of `parents(message)` and its own.
        found: what left the traces of `looked_for`.
    """

    def met(traces: Iterable[str]) -> list[ThreadEntry]:
        return [found[trace] for trace in traces if trace in found]

    named, replied = parents(message), bool(message.in_reply_to)
    answered = [known[parent] for parent in named if parent in known]
    linked = [entry for entry in answered if _answers(message.subject, entry.subject, replied=replied)]
    if message.message_id not in known:
        # Whoever carries the Message-ID of another mail is not the one that was answered.
        answers = met(_own_traces(message, led_with))
        linked += [entry for entry in answers if _answers(entry.subject, message.subject, replied=entry.replied)]
    siblings = met(_traces(_bounded(named), led_with))
    linked += [entry for entry in siblings if subjects.goes_on(entry.subject, message.subject)]
    if not linked:
        linked += [entry for entry in met(_answered_traces(message)) if _just_before(entry, message)]
    return tuple(linked)


def thread_of(message: Message, linked: Collection[ThreadEntry], known: Collection[str]) -> str:
    """The thread's name: that of the nearest of its `links`, else a new one, by which nothing else is named."""
    for entry in linked:
        return entry.thread
    return message.message_id if message.message_id and message.message_id not in known else message.identity


def joined(linked: Collection[ThreadEntry]) -> tuple[str, ...]:
    """The names of threads that turn out to be one by this mail: those of its `links`.

    Where these belong to different customers only the nearest counts: whoever names mails of both does not get to mix
    them.
    """
    names = tuple(dict.fromkeys(entry.thread for entry in linked))
    return names if len({entry.customer_id for entry in linked if entry.customer_id}) <= 1 else names[:1]


def _party(addr: str, firm: Firm) -> str:
    return f"@{addresses.domain_of(addr)}" if addresses.company_domain(addr, firm) else addr


def _bounded(named: tuple[str, ...]) -> tuple[str, ...]:
    return named if len(named) <= _NEAREST + _FIRST else (*named[:_NEAREST], *named[-_FIRST:])


def _traces(named: Collection[str], led_with: Collection[str]) -> Iterator[str]:
    for message_id in named:
        for party in led_with:
            yield f"{message_id}\n{party}"


def _of_subject(subject: str, senders: Collection[Address], recipients: Collection[Address]) -> Iterator[str]:
    """Traces by which a mail is found whose answer does not name it, from each sender to each recipient."""
    goes_on = subjects.base(subject)
    if not subjects.telling(goes_on):
        return
    for sender in islice(senders, _MOST_PARTIES):
        for recipient in islice(recipients, _MOST_PARTIES):
            if sender.addr and recipient.addr:
                yield f"{goes_on}\n{addresses.canonical(sender.addr)}\n{addresses.canonical(recipient.addr)}"


def _own_traces(message: Message, led_with: Collection[str]) -> Iterator[str]:
    return _traces([message.message_id] if message.message_id else [], led_with)


def _answered_traces(message: Message) -> Iterator[str]:
    """Traces of what a mail answers that names nothing: it went the other way."""
    if subjects.is_reply(message.subject) and not parents(message):
        yield from _of_subject(message.subject, message.to, (message.sender,))


def _answers(subject: str, answered: str, *, replied: bool) -> bool:
    """Whether a mail belongs to one that it names, by their subjects.

    Some programs send all their mails with the same References, and people take an old mail to write a new one: where
    nothing is replied to, the subject must go on.
    """
    return replied or subjects.is_reply(subject) or subjects.goes_on(answered, subject)


def _just_before(entry: ThreadEntry, message: Message) -> bool:
    if entry.date is None or message.date is None or entry.message_id == message.message_id:
        return False
    return timedelta() <= message.date - entry.date <= _ANSWERED_WITHIN
