"""Customers whose mail lies in a Junk folder: who, where and since when, as long as it lies there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from rules.terms.mail import Placement
from storage.alarm_tables import sightings
from storage.moments import moment, stamp
from storage.places import Places, number
from storage.records import customers
from storage.restrictions import used_customer
from storage.schema import boxes


@dataclass(frozen=True, slots=True)
class Sighting:
    """A customer's mails in a mailbox's Junk folder: how many, and when the last one came."""

    customer_id: str
    name: str
    mailbox: str
    count: int
    latest: datetime


class Sightings:
    """What was seen in Junk. It goes with the mail (storage.placements)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._places = Places(connection)

    def see(self, place: Placement, customer_id: str, arrived: datetime) -> None:
        """Note that a customer's mail lies there. Again is fine."""
        number_of_place, box = self._places.made(place)
        c, uid = sightings.c, number(place.uid)
        self._connection.execute(delete(sightings).where(c.place == number_of_place, c.uid == uid))
        values = {"place": number_of_place, "uid": uid, "box": box, "customer_id": customer_id}
        self._connection.execute(insert(sightings).values(values | {"arrived": stamp(arrived)}))

    def page(self, mailboxes: Collection[str], since: datetime, limit: int = 20) -> list[Sighting]:
        """Whose mail has come into the Junk folders of these mailboxes since a moment, newest first."""
        c, latest = sightings.c, func.max(sightings.c.arrived)
        theirs = used_customer(self._connection, c.customer_id)
        query = (
            select(customers.c.id, customers.c.name, boxes.c.name.label("mailbox"), func.count().label("mails"))
            .add_columns(latest.label("latest"))
            .join_from(sightings, customers, customers.c.id == c.customer_id)
            .join(boxes, boxes.c.id == c.box)
            .where(c.box.in_(self._places.boxes(mailboxes)), c.arrived >= stamp(since), *theirs)
            .group_by(customers.c.id, customers.c.name, boxes.c.name)
            .order_by(latest.desc(), customers.c.id)
        )
        rows = self._connection.execute(query.limit(limit))
        return [Sighting(row.id, row.name, row.mailbox, row.mails, moment(row.latest)) for row in rows]

    def forget(self, mailbox: str) -> None:
        """Drop what was seen in a mailbox that is looked into no longer."""
        self._connection.execute(delete(sightings).where(sightings.c.box.in_(self._places.boxes([mailbox]))))
