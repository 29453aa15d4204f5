"""Which thread a mail belongs to. The thread's name is the Message-ID of its first mail, known or not.

Naming a thread by its root lets siblings find one another before their parent arrives, and the parent find them.
"""

from collections.abc import Mapping

from rules.terms.mail import Message
from rules.terms.pooled import ThreadEntry


def parents(message: Message) -> tuple[str, ...]:
    """The Message-IDs this mail answers, nearest first, each once (RFC 5322 3.6.4)."""
    return tuple(dict.fromkeys((*message.in_reply_to, *reversed(message.references))))


def thread_of(message: Message, known: Mapping[str, ThreadEntry]) -> str:
    """The thread's name: that of the nearest parent at hand, else the Message-ID of the root as the mail names it.

    Args:
        message: the mail.
        known: what the pool knows under the Message-IDs of `parents(message)`.
    """
    for parent in parents(message):
        if parent in known:
            return known[parent].thread
    roots = message.references or message.in_reply_to
    return roots[0] if roots else (message.message_id or message.identity)
