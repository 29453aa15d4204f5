"""Selects that are asked again and again: written with SQLAlchemy once, and then asked of the driver.

To build a select, to find its text again and to describe what comes back takes SQLAlchemy 0.3 ms; to find a few rows by
a key takes a database a tenth of that, and a summary asks twenty times.

On PostgreSQL the way there and back still costs more than what is found. What is known to be asked next can be asked
`ahead`, with one statement for all of it; each select then finds its answer there.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import BindParameter, ColumnElement, Connection, Date, Select, Text, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NULLTYPE, TypeDecorator, TypeEngine

from storage import driver
from storage.columns import plain

_Process = Callable[[Any], Any]
# Selects with the values of their parameters.
Asked = Mapping["Prepared", Mapping[str, object]]


class Prepared:
    """A select whose `bindparam`s are given when it is asked. Each of its columns has a name of its own."""

    def __init__(self, made: Select[Any]) -> None:
        self._made = made
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: Connection, **asked: object) -> list[Any]:
        """The rows, as named tuples."""
        values, known = connection.get_execution_options().get(_AHEAD, {}).pop(self, (None, []))
        if values == asked:
            return list(known)
        form = self.form(connection.dialect)
        found = driver.rows(connection, form.text, form.values(asked))
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

    def form(self, dialect: Dialect) -> "_Form":
        """The select in the words of a database."""
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _form(self._made, dialect)
        return form


def ahead(connection: Connection, asked: Asked) -> None:
    """Ask several selects at once; asked with the same values by the next `rows` of theirs, they answer from this.

    Each answer is given once, so ask just before it is needed: what is written in between it does not know. SQLite, to
    which there is no way, is not asked before.
    """
    if connection.dialect.name != "postgresql":
        return
    forms = tuple([prepared.form(connection.dialect) for prepared in asked])
    together = _together(forms)
    values = [value for form, given in zip(forms, asked.values(), strict=True) for value in form.values(given)]
    (found,) = driver.rows(connection, together.text, values)
    answers = connection.get_execution_options().get(_AHEAD)
    if answers is None:
        answers = {}
        connection.execution_options(**{_AHEAD: answers})
    for prepared, decoder, rows in zip(asked, together.decoders, found, strict=True):
        answers[prepared] = asked[prepared], [] if rows is None else decoder.decode(rows)


# The name under which a unit of work's connection holds the answers that were asked ahead.
_AHEAD = "kingpost_asked_ahead"


def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column's value is one of those in a parameter, however many: one statement for all of them."""
    return _AnyOf(column, bindparam(name, type_=_List()))


class _AnyOf(FunctionElement[Any]):
    """A column, and a parameter of several values."""

    name = "any_of"
    inherit_cache = True
    # Not a boolean: SQLite would be asked whether it is 1, and would use no index.
    type = NULLTYPE


@compiles(_AnyOf, "sqlite")
def _in_list(element: _AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values, type = _parts(element, compiler, options)
    return f"{column} IN (SELECT CAST(asked.value AS {type}) FROM json_each({values}) AS asked)"  # noqa: S608


@compiles(_AnyOf, "postgresql")
def _in_array(element: _AnyOf, compiler: SQLCompiler, **options: Any) -> str:
    # Of the rows of a list PostgreSQL expects a hundred, and would read a table of thousands for them. An array made by
    # a select is short to it, whatever is asked for, so that it need not plan for each list anew.
    column, values, type = _parts(element, compiler, options)
    asked = f"CAST(json_array_elements_text(CAST({values} AS JSON)) AS {type})"
    return f"{column} = ANY (ARRAY(SELECT {asked}))"


def _parts(element: _AnyOf, compiler: SQLCompiler, options: dict[str, Any]) -> tuple[str, str, str]:
    column, values = element.clauses
    type = compiler.dialect.type_compiler_instance.process(column.type)
    return compiler.process(column, **options), compiler.process(values, **options), type


class _List(TypeDecorator[Collection[Any]]):
    """Several values in one parameter."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str:
        """As a JSON list, without what a database cannot hold."""
        values = [plain(one) if isinstance(one, str) else one for one in value or ()]
        return msgspec.json.encode(values).decode()


def listed(values: Select[Any]) -> ColumnElement[str | None]:
    """The only column of a select for each row of another, as a JSON list; None or empty where there is nothing."""
    (column,) = values.selected_columns
    return values.with_only_columns(_Listed(column)).scalar_subquery()


class _Listed(FunctionElement[Any]):
    """A column's values as a JSON list."""

    name = "listed"
    inherit_cache = True
    type = Text()


@compiles(_Listed, "sqlite")
def _group_array(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(_Listed, "postgresql")
def _agg(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(json_agg({compiler.process(element.clauses, **options)}) AS TEXT)"


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """A select in the words of one database.

    `names` are its parameters in the order of its marks. `into` is what parameters go through on the way in, `out` the
    places of the columns that have to be made into something on the way out.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    into: Mapping[str, _Process]
    out: tuple[tuple[int, _Process], ...]
    row: type[Any]

    def values(self, asked: Mapping[str, object]) -> list[Any]:
        """The values of the parameters as the driver takes them."""
        values = []
        for name in self.names:
            value = asked[name] if name in asked else self.constants[name]
            values.append(self.into[name](value) if name in self.into else value)
        return values


def _form(made: Select[Any], dialect: Dialect) -> _Form:
    compiled = made.compile(dialect=dialect)
    columns = made.selected_columns
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    text, names = compiled.string, compiled.positiontup
    # PostgreSQL's driver hands out days and truths by itself.
    out = [] if dialect.name == "postgresql" else [_out(column.type, dialect) for column in columns]
    if names is None:
        text, names = _numbered(text, {name: _literal(compiled.binds[name], dialect) for name in constants})
    into = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    return _Form(
        text=text,
        names=tuple(names),
        constants=constants,
        into={name: way for name, way in into.items() if way is not None},
        out=tuple((at, way) for at, way in enumerate(out) if way is not None),
        row=_row(columns),
    )


def _row(columns: ColumnCollection[str, ColumnElement[Any]]) -> type[Any]:
    """What a row is made into, also from JSON, where a day is text."""
    row = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc]
    kinds = (date | None if isinstance(column.type, Date) else Any for column in columns)
    row.__annotations__ = dict(zip(row._fields, kinds, strict=True))
    return row


def _numbered(text: str, written: Mapping[str, str]) -> tuple[str, list[str]]:
    """PostgreSQL's own marks ($1, …) in place of named ones, and the names in their order.

    What never changes is written into the statement, which is then planned for it.
    """
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        name = found[1]
        if name in written:
            return written[name]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAMED.sub(mark, text).replace("%%", "%"), names


def _literal(bind: BindParameter[Any], dialect: Dialect) -> str:
    way = bind.type.dialect_impl(dialect).literal_processor(dialect)
    return str(bind.value) if way is None else way(bind.value)


def _out(type: TypeEngine[Any], dialect: Dialect) -> _Process | None:
    way: _Process | None = type.dialect_impl(dialect).result_processor(dialect, None)
    return way


@dataclass(frozen=True, slots=True)
class _Together:
    """Several selects as one: a column for each, with all of its rows as JSON."""

    text: str
    decoders: tuple[msgspec.json.Decoder[list[Any]], ...]


@cache
def _together(forms: tuple[_Form, ...]) -> _Together:
    columns: list[str] = []
    before = 0
    for form in forms:
        columns.append(_as_column(form, before))
        before += len(form.names)
    decoders = tuple(msgspec.json.Decoder(list[form.row]) for form in forms)  # type: ignore[name-defined]
    return _Together(f"SELECT {', '.join(columns)}", decoders)


def _as_column(form: _Form, before: int) -> str:
    """A select whose marks follow so many of others."""
    columns = ", ".join(f"c{number}" for number in range(len(form.row._fields)))
    text = _MARK.sub(lambda mark: f"${int(mark[1]) + before}", form.text)
    return f"(SELECT CAST(json_agg(json_build_array({columns})) AS TEXT) FROM ({text}) AS _ ({columns}))"  # noqa: S608


_NAMED = re.compile(r"%\((\w+)\)s")
_MARK = re.compile(r"\$(\d+)")
