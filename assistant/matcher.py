"""The looks into the pool that a batch of mails needs to be matched: few, whatever the batch and the pool hold.

addresses and domains of all       who is known by them; most mails need no more
names, firms, numbers of the rest  who may be meant
whole records of the candidates    to weigh them
"""

from collections.abc import Collection, Iterable, Mapping

from rules import matching
from rules.terms.customer import CustomerFile, IdentifierKind, Owners
from rules.terms.finding import Evidence, Match
from rules.terms.firm import Firm
from rules.terms.mail import Verdict
from rules.terms.pooled import PooledMessage, ThreadEntry
from storage.pool import Work

Asked = tuple[matching.Question, Verdict]


class Matcher:
    """Matches the mails of one batch."""

    def __init__(self, work: Work, batch: Iterable[Asked], entries: Mapping[str, ThreadEntry]) -> None:
        """Look up what the batch needs.

        Args:
            work: the pool.
            batch: the questions, each with our own server's verdict on its sender.
            entries: the mails that the batch answers, by Message-ID; may grow while the batch is decided.
        """
        self._work = work
        self._entries = entries
        shapes = work.customers.number_shapes()
        self._clues = {id(asked): (matching.Clues(asked, shapes), verdict) for asked, verdict in batch}
        self._owners: dict[tuple[IdentifierKind, str], Owners] = {}
        self._files: dict[str, CustomerFile] = {}
        self._look_up(
            {
                IdentifierKind.ADDRESS: {key for clues, _ in self._clues.values() for key in clues.asked.addresses},
                IdentifierKind.DOMAIN: {key for clues, _ in self._clues.values() for key in clues.asked.domains},
            }
        )
        rest = [clues for clues, verdict in self._clues.values() if not self._is_plain(clues, verdict)]
        self._keys = {id(clues.asked): matching.keys_of(clues) for clues in rest}
        self._look_up(_together(self._keys.values()))
        self._fetch({one for clues, _ in self._clues.values() for one in self._candidates(clues)})

    def match(self, asked: matching.Question, *, passed_on: bool = False) -> Match:
        """Decide about one mail of the batch, with the threads as they are known now."""
        clues, verdict = self._clues[id(asked)]
        ids = self._candidates(clues)
        # The thread of a mail that was decided a moment ago may lead to somebody nobody had thought of.
        self._fetch(set(ids) - self._files.keys())
        answers = matching.Answers(
            self._owners, {one: self._files[one] for one in ids if one in self._files}, self._entries
        )
        plain = id(asked) not in self._keys and self._is_plain(clues, verdict)
        return matching.decide(clues, answers, verdict, plain=plain, passed_on=passed_on)

    def sides(self, asked: matching.Question) -> dict[str, tuple[Evidence, ...]]:
        """What speaks for and against each customer who may be meant, for somebody who has to choose."""
        clues, _ = self._clues[id(asked)]
        files = {one: self._files[one] for one in self._candidates(clues) if one in self._files}
        answers = matching.Answers(self._owners, files, self._entries)
        return {one: matching.weigh(clues, file, answers).evidence for one, file in files.items()}

    def _is_plain(self, clues: matching.Clues, verdict: Verdict) -> bool:
        return matching.is_plain(clues, matching.Answers(self._owners, thread=self._entries), verdict)

    def _candidates(self, clues: matching.Clues) -> tuple[str, ...]:
        answers = matching.Answers(self._owners, thread=self._entries)
        return matching.candidates(clues, answers, self._keys.get(id(clues.asked), {}))

    def _look_up(self, keys: Mapping[IdentifierKind, Collection[str]]) -> None:
        self._owners |= self._work.customers.owners(keys)

    def _fetch(self, ids: Collection[str]) -> None:
        if ids:
            people = {known.contact_id for found in self._owners.values() for known in found.known if known.contact_id}
            self._files |= self._work.customers.files_of(ids, people)


def sides(work: Work, mail: PooledMessage, firm: Firm) -> dict[str, tuple[Evidence, ...]]:
    """The same of a stored mail, by what the pool knows now."""
    asked = matching.question(mail.message, mail.reading, mail.direction, firm)
    entries = work.messages.thread_entries(set(asked.parents))
    return Matcher(work, [(asked, mail.verdict)], entries).sides(asked)


def _together(all_keys: Iterable[Mapping[IdentifierKind, frozenset[str]]]) -> dict[IdentifierKind, set[str]]:
    found: dict[IdentifierKind, set[str]] = {}
    for keys in all_keys:
        for kind, values in keys.items():
            found.setdefault(kind, set()).update(values)
    return found
