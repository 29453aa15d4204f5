"""Which column of a table means which field, as somebody said it last: kept for each kind and header."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from storage.correspondent_tables import column_mappings
from storage.moments import stamp


class ColumnMappings:
    """Mappings, our field to the file's column."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, kind: str, header: Sequence[str]) -> dict[str, str] | None:
        """What was said last for a table of this kind with this header."""
        m = column_mappings.c
        query = select(m.mapping).where(m.kind == kind, m.header == _key(header))
        found = self._connection.scalar(query)
        return None if found is None else dict(json.loads(found))

    def put(self, kind: str, header: Sequence[str], mapping: Mapping[str, str], at: datetime) -> None:
        """Keep it for the next table with this header."""
        m, name = column_mappings.c, _key(header)
        self._connection.execute(delete(column_mappings).where(m.kind == kind, m.header == name))
        values = {"kind": kind, "header": name, "mapping": json.dumps(dict(mapping)), "at": stamp(at)}
        self._connection.execute(insert(column_mappings).values(values))


def _key(header: Sequence[str]) -> str:
    return sha256(json.dumps(list(header)).encode()).hexdigest()
