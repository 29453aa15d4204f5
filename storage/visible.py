"""Who may see what of mail: a copy lies or lay in one of somebody's mailboxes, and its use is not restricted."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, exists

from storage.places import Places
from storage.restrictions import used_mail
from storage.schema import placements


def visible(
    connection: Connection, message: ColumnElement[int], mailboxes: Collection[str] | None
) -> list[ColumnElement[bool]]:
    """The conditions that a message can be seen from these mailboxes; none for None, which stands for all."""
    if mailboxes is None:
        return []
    boxes = Places(connection).boxes(mailboxes)
    lies_there = exists().where(placements.c.message == message, placements.c.box.in_(boxes))
    return [lies_there, *used_mail(connection, message)]
