"""What became of the files of watched folders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from storage.document_tables import folder_imports
from storage.moments import moment, stamp

_c = folder_imports.c
_KEPT = 200


@dataclass(frozen=True, slots=True)
class FolderImport:
    """A file that was imported, or could not be. `stamp` tells it from another of the same name."""

    folder: str
    file: str
    kind: str
    stamp: str
    at: datetime
    new: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0
    error_en: str = ""
    error_de: str = ""

    @property
    def failed(self) -> bool:
        """Whether no row of the file made sense. Otherwise an error says why it still lies in the folder."""
        return bool(self.error_en) and not (self.new or self.changed or self.same or self.bad)


class FolderImports:
    """The latest results, at most 200 a folder."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, done: FolderImport) -> None:
        """Note what became of a file; an older result of that name goes."""
        values = {name: getattr(done, name) for name in FolderImport.__dataclass_fields__} | {"at": stamp(done.at)}
        this = (_c.folder == done.folder) & (_c.file == done.file)
        self._connection.execute(delete(folder_imports).where(this))
        self._connection.execute(insert(folder_imports).values(values))
        newest = select(_c.at).where(_c.folder == done.folder).order_by(_c.at.desc()).offset(_KEPT).limit(1)
        oldest = self._connection.scalar(newest)
        if oldest is not None:
            self._connection.execute(delete(folder_imports).where(_c.folder == done.folder, _c.at <= oldest))

    def get(self, folder: str, file: str) -> FolderImport | None:
        """What became of a file."""
        row = self._connection.execute(select(folder_imports).where(_c.folder == folder, _c.file == file)).one_or_none()
        return None if row is None else _import(row)

    def latest(self) -> list[FolderImport]:
        """The last result of each folder and kind, by folder."""
        last = select(_c.folder, _c.kind, func.max(_c.at).label("at")).group_by(_c.folder, _c.kind).subquery()
        same = (_c.folder == last.c.folder) & (_c.kind == last.c.kind) & (_c.at == last.c.at)
        rows = self._connection.execute(select(folder_imports).join(last, same).order_by(_c.folder, _c.kind, _c.file))
        return [_import(row) for row in rows]


def _import(row: Row[Any]) -> FolderImport:
    return FolderImport(**dict(row._mapping) | {"at": moment(row.at)})
