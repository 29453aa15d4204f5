"""Selects that are asked again and again: written with SQLAlchemy once, and then asked of the driver.

To build a select, to find its text again and to describe what comes back takes SQLAlchemy 0.3 ms; to find a few rows by
a key takes a database a tenth of that, and a summary asks twenty times.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, cast, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage import driver
from storage.columns import plain

_Process = Callable[[Any], Any]


class Prepared:
    """A select whose `bindparam`s are given when it is asked. Each of its columns has a name of its own."""

    def __init__(self, made: Select[Any]) -> None:
        self._made = made
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: Connection, **asked: object) -> list[Any]:
        """The rows, as named tuples."""
        dialect = connection.dialect
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _form(self._made, dialect)
        values = dict(form.constants)
        for name, value in asked.items():
            values[name] = form.into[name](value) if name in form.into else value
        given = values if form.names is None else tuple([values[name] for name in form.names])
        found = driver.rows(connection, form.text, given)
        if not form.out:
            return [form.row(*one) for one in found]
        made = []
        for one in found:
            columns = list(one)
            for at, way in form.out:
                columns[at] = way(columns[at])
            made.append(form.row(*columns))
        return made

    def one(self, connection: Connection, **asked: object) -> Any | None:
        """The first row; None where there is none."""
        found = self.rows(connection, **asked)
        return found[0] if found else None

    def column(self, connection: Connection, **asked: object) -> list[Any]:
        """The first column of the rows."""
        return [row[0] for row in self.rows(connection, **asked)]


def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column's value is one of those in a parameter, however many: one statement for all of them."""
    values = _Each(bindparam(name, type_=_List())).table_valued("value", name="asked")
    return column.in_(select(cast(values.c.value, column.type)))


class _Each(FunctionElement[Any]):
    """The values of a JSON list, as rows."""

    name = "json_each"
    inherit_cache = True


@compiles(_Each, "sqlite")
def _each_value(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each, "postgresql")
def _each_text(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


class _List(TypeDecorator[Collection[Any]]):
    """Several values in one parameter."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str:
        """As a JSON list, without what a database cannot hold."""
        return json.dumps([plain(one) if isinstance(one, str) else one for one in value or ()], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Form:
    """A select in the words of one database.

    `names` are its parameters in the order of its marks, None where the marks have names. `into` is what parameters
    go through on the way in, `out` the places of the columns that have to be made into something on the way out.
    """

    text: str
    names: tuple[str, ...] | None
    constants: Mapping[str, Any]
    into: Mapping[str, _Process]
    out: tuple[tuple[int, _Process], ...]
    row: Callable[..., Any]


def _form(made: Select[Any], dialect: Dialect) -> _Form:
    compiled = made.compile(dialect=dialect)
    columns = made.selected_columns
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    # PostgreSQL's driver hands out days and truths by itself.
    kept = [] if dialect.name == "postgresql" else [_out(column.type, dialect) for column in columns]
    return _Form(
        text=compiled.string,
        names=None if compiled.positiontup is None else tuple(compiled.positiontup),
        constants={name: value for name, value in compiled.params.items() if value is not None},
        into={name: way for name, way in into.items() if way is not None},
        out=tuple((at, way) for at, way in enumerate(kept) if way is not None),
        row=namedtuple("Row", columns.keys(), rename=True),
    )


def _out(type: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    way: _Process | None = type.dialect_impl(dialect).result_processor(dialect, None)
    return way
