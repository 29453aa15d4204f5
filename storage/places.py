"""The dictionary of places: numbers for mailbox names and for folders under one UIDVALIDITY."""

from collections.abc import Collection

from sqlalchemy import Connection, insert, select

from rules.terms.mail import Placement
from storage.prepared import Prepared, any_of
from storage.schema import boxes, places

NONE = -1  # stands for a UIDVALIDITY or UID that mail by file does not have


def number(value: int | None) -> int:
    """A UIDVALIDITY or UID as it is stored."""
    return NONE if value is None else value


_BOXES = Prepared(select(boxes.c.id).where(any_of(boxes.c.name, "names")))


class Places:
    """Looks places up, and makes them when mail arrives there first. Remembers them for one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str, int], tuple[int, int]] = {}

    def find(self, mailbox: str, folder: str, uidvalidity: int | None) -> int | None:
        """The place's number, None where no mail was ever seen."""
        found = self._find((mailbox, folder, number(uidvalidity)))
        return None if found is None else found[0]

    def of_folder(self, mailbox: str, folder: str) -> dict[int, int]:
        """Every place a folder has been, with its UIDVALIDITY."""
        query = (
            select(places.c.id, places.c.uidvalidity)
            .join(boxes, boxes.c.id == places.c.box)
            .where(boxes.c.name == mailbox, places.c.folder == folder)
        )
        return {row.id: row.uidvalidity for row in self._connection.execute(query)}

    def boxes(self, mailboxes: Collection[str] | None) -> list[int]:
        """The numbers of these mailboxes, or of all."""
        if mailboxes is None:
            return list(self._connection.scalars(select(boxes.c.id)))
        return _BOXES.column(self._connection, names=mailboxes)

    def made(self, placement: Placement) -> tuple[int, int]:
        """The numbers of the placement's place and mailbox, made where needed."""
        wanted = (placement.mailbox, placement.folder, number(placement.uidvalidity))
        return self._find(wanted) or self._make(wanted)

    def _find(self, wanted: tuple[str, str, int]) -> tuple[int, int] | None:
        if wanted not in self._known:
            mailbox, folder, uidvalidity = wanted
            query = (
                select(places.c.id, places.c.box)
                .join(boxes, boxes.c.id == places.c.box)
                .where(boxes.c.name == mailbox, places.c.folder == folder, places.c.uidvalidity == uidvalidity)
            )
            row = self._connection.execute(query).one_or_none()
            if row is None:
                return None
            self._known[wanted] = (row.id, row.box)
        return self._known[wanted]

    def _make(self, wanted: tuple[str, str, int]) -> tuple[int, int]:
        mailbox, folder, uidvalidity = wanted
        connection = self._connection
        box = connection.scalar(select(boxes.c.id).where(boxes.c.name == mailbox))
        if box is None:
            box = connection.execute(insert(boxes).values(name=mailbox).returning(boxes.c.id)).scalar_one()
        new = insert(places).values(box=box, folder=folder, uidvalidity=uidvalidity).returning(places.c.id)
        self._known[wanted] = (connection.execute(new).scalar_one(), box)
        return self._known[wanted]
