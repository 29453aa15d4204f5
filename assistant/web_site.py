"""What a web site tells of people who use it: a form that was sent, a download, a chat, a reaction to a mailing.

Anybody can type anybody's address into a form. So an address only files an entry, in a timeline, as what it is: said by
the web site. It opens nothing, and of whoever is not known by it nothing is kept.
"""

from dataclasses import dataclass, replace

from assistant.notes import Notes
from rules import addresses
from rules.terms.customer import IdentifierKind, Known
from rules.terms.interaction import Channel, Interaction

CHANNELS = frozenset({Channel.FORM, Channel.DOWNLOAD, Channel.CHAT, Channel.MAILING, Channel.SOCIAL})
_SOURCE = "web"


@dataclass(frozen=True, slots=True)
class WebSite:
    """Taking down what a web site tells."""

    notes: Notes

    def tell(self, entry: Interaction, address: str, external_id: str | None, *, consent: bool = False) -> bool:
        """Write an entry for whoever is known by an address; whether there is just one such.

        The same external id again replaces the entry. `consent`: the web site says that they agreed to being measured.

        Raises:
            WrongUse: it is empty, of an impossible day, of another channel than a web site's, or says that a mailing
                was opened without consent to that.
        """
        with self.notes.pool.read() as work:
            keys = {form(address) for form in (addresses.canonical, addresses.mailbox)}
            owners = work.customers.owners({IdentifierKind.ADDRESS: keys})
        known = {one for found in owners.values() for one in found.known}
        whose = _one(known)
        if whose is None:
            return False
        made = replace(entry, customer_id=whose.customer_id, contact_id=whose.contact_id or None, staff=_SOURCE)
        self.notes.add(made, external_id, consent=consent)
        return True


def _one(known: set[Known]) -> Known | None:
    """The one whom all of them mean: a person before their firm; None for several, or nobody."""
    people = {one.contact_id: one for one in known if one.contact_id}
    customers = {one.customer_id for one in known}
    if len(customers) != 1 or len(people) > 1:
        return None
    return next(iter(people.values()), None) or next(iter(known))
