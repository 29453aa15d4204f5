"""Leads (Interessenten): unknown people who wrote, each once however many mails and addresses they write from."""

from dataclasses import dataclass
from datetime import datetime

from rules import newcomers
from rules.newcomers import Newcomer
from rules.terms.firm import Firm
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.upkeep import Lead
from storage.pool import Pool

# So much of a mail is read to say who wrote it.
TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Person:
    """An unknown person. `leads` are their addresses, the one that wrote last first; `mail` is the newest of all.

    `about` is what that mail tells of them.
    """

    leads: tuple[Lead, ...]
    mail: PooledMessage
    about: Newcomer

    @property
    def messages(self) -> tuple[int, ...]:
        """The newest mail from each address."""
        return tuple(lead.message for lead in self.leads)

    @property
    def count(self) -> int:
        """How many open mails they wrote."""
        return sum(lead.count for lead in self.leads)

    @property
    def newest(self) -> datetime:
        """When they wrote last."""
        return self.leads[0].newest


@dataclass(frozen=True, slots=True)
class Leads:
    """Who wrote and is nobody we know. Recipients in Cc are never among them: they did not write."""

    pool: Pool
    firm: Firm

    def page(self, viewer: Viewer, limit: int, after: int | None = None) -> tuple[list[Person], int | None]:
        """People by their newest mail, and the number of the mail behind which the next page begins, None at the end.

        Two addresses of one person become one where both are among the `limit` addresses of the page.
        """
        with self.pool.read() as work:
            last = work.messages.get_many([after], 0).get(after) if after is not None else None
            place = Lead("", "", 0, last.arrived, last.no) if last is not None else None
            found = work.senders.leads(viewer.mailboxes, limit + 1, place)
            more, found = len(found) > limit, found[:limit]
            mails = work.messages.get_many([lead.message for lead in found], TEXT)
        people: list[Person] = []
        for lead in found:
            mail = mails.get(lead.message)
            if mail is not None:
                _add(people, Person((lead,), mail, self.about(mail)))
        return people, found[-1].message if more else None

    def about(self, mail: PooledMessage) -> Newcomer:
        """What a mail tells of its writer."""
        return newcomers.described(mail.message, mail.reading, mail.direction, mail.writer, self.firm)


def _add(people: list[Person], person: Person) -> None:
    for place, known in enumerate(people):
        if newcomers.same_person(known.about, person.about):
            people[place] = Person((*known.leads, *person.leads), known.mail, known.about)
            return
    people.append(person)
