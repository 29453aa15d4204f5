"""Which thread a mail belongs to. The thread's name is the Message-ID of its first mail, known or not.

Naming a thread by its root lets siblings find one another before their parent arrives, and the parent find them:

    b answers a, a is not there      b → thread a
    c answers b                      c → thread a, by b
    a arrives                        a → thread a, by its own name
    x answers y, y is not there      x → thread y
    y arrives and answers a          y → thread a, and thread y turns out to be a part of it

Only what a mail says it answers counts: a subject that strangers share, or that one changes, decides nothing.
"""

from collections.abc import Mapping

from rules.terms.mail import Message
from rules.terms.pooled import ThreadEntry


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


def thread_of(message: Message, known: Mapping[str, ThreadEntry]) -> str:
    """The thread's name: that of the nearest parent at hand, else the Message-ID of the root as the mail names it.

    Where the nearest parent was thought to be the first mail and this one names an earlier one, that gives the name:
    others who know no more than that one find the thread by it.

    Args:
        message: the mail.
        known: what the pool knows under the Message-IDs of `parents(message)`.
    """
    first = root(message)
    for parent in parents(message):
        if parent in known:
            thread = known[parent].thread
            return first if first and first not in known and thread in known else thread
    return first or message.message_id or message.identity


def root(message: Message) -> str | None:
    """The first mail of the thread as this mail names it; None when it answers nothing.

    References that do not hold what In-Reply-To names are broken, and In-Reply-To is trusted.
    """
    named = [one for one in message.references if one != message.message_id]
    replied = [one for one in message.in_reply_to if one != message.message_id]
    if replied and not set(replied) & set(named):
        return replied[0]
    return named[0] if named else None


def joined(message: Message, thread: str, known: Mapping[str, ThreadEntry]) -> tuple[str, ...]:
    """The names under which parts of this mail's thread may have been filed before it came.

    By its own Message-ID those who answered it, by those of missing parents its siblings, and the threads of the
    parents at hand. Where these belong to different customers nothing is joined: whoever names mails of both does not
    get to mix them. Nor does a mail that carries the Message-ID of another one.

    Args:
        message: the mail.
        thread: what `thread_of` said.
        known: what the pool knows under the Message-IDs of `parents(message)` and its own.
    """
    named = parents(message)
    entries = [known[parent] for parent in named if parent in known]
    if len({entry.customer_id for entry in entries if entry.customer_id}) > 1:
        return ()
    names = dict.fromkeys(entry.thread for entry in entries)
    names |= dict.fromkeys(parent for parent in named if parent not in known)
    if message.message_id and message.message_id not in known:
        names[message.message_id] = None
    names.pop(thread, None)
    return tuple(names)
