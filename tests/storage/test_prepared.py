"""Prepared selects say what SQLAlchemy's own way says, on both databases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Date, bindparam, select

from rules.terms.customer import Customer
from storage import driver
from storage.customer_files import CUSTOMER
from storage.ledger_tables import particulars
from storage.pool import Pool
from storage.prepared import Prepared, ahead, any_of
from storage.records import customers
from storage.schema import messages

THESE = Prepared(select(*CUSTOMER).where(any_of(customers.c.id, "ids")).order_by(customers.c.id).limit(3))
HOLDING = Prepared(
    select(particulars)
    .where(particulars.c.customer_id == bindparam("id"), particulars.c.until >= bindparam("today", type_=Date))
    .order_by(particulars.c.id)
)
NUMBERS = Prepared(select(messages.c.no).where(any_of(messages.c.no, "nos")))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.lists(st.text(max_size=8), max_size=6))
def test_any_of_finds_exactly_these(pool: Pool, ids: list[str]) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("", "nobody"), Customer("%s", "mark"), Customer('a"b\\', "quoted")], (), {})
        connection = work.customers._connection
        wanted = select(*CUSTOMER).where(customers.c.id.in_([one.replace("\0", "\ufffd") for one in ids]))
        known = connection.execute(wanted.order_by(customers.c.id).limit(3)).all()
        assert [tuple(row) for row in THESE.rows(connection, ids=ids)] == [tuple(row) for row in known]


def test_what_is_asked_for_is_text_and_never_part_of_the_statement(pool: Pool) -> None:
    ids = ["%s", 'a"b\\', "'; drop table customers; --", "Ä\udcff\0", "?"]
    with pool.begin() as work:
        work.customers.upsert([Customer(id, id) for id in ids[:2]], (), {})
        assert [row.id for row in THESE.rows(work.customers._connection, ids=ids)] == sorted(ids[:2])


def test_days_and_truths_come_back_as_such(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Adler", key_account=True)], (), {})
        work.particulars.add("C1", "past", date(2026, 1, 1), "anna", date(2025, 1, 1))
        work.particulars.add("C1", "holds", date(2026, 12, 1), "anna", date(2025, 1, 1))
        connection = work.customers._connection
        (row,) = HOLDING.rows(connection, id="C1", today=date(2026, 11, 22))
        assert (row.text, row.until, row.since) == ("holds", date(2026, 12, 1), date(2025, 1, 1))
        (customer,) = THESE.rows(connection, ids=["C1"])
        assert customer.key_account is True
        assert customer.revenue_12m is None


def test_numbers_too_and_none_of_none(pool: Pool) -> None:
    with pool.read() as work:
        assert NUMBERS.column(work.customers._connection, nos=[1, 2**62]) == []
        assert NUMBERS.one(work.customers._connection, nos=[]) is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=20), revenue=st.none() | st.floats(allow_nan=False, allow_infinity=False))
def test_what_was_asked_ahead_is_the_same_to_the_last_bit(pool: Pool, name: str, revenue: float | None) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", name, revenue_12m=revenue), Customer("C2", "Adler")], (), {})
        work.particulars.add("C1", name, None, "anna", date(2025, 1, 1))
        work.particulars.add("C1", "holds", date(2026, 12, 1), "anna", date(2025, 1, 1))
        connection = work.customers._connection
        day = date(2026, 11, 22)
        alone = THESE.rows(connection, ids=["C2", "C1"]), HOLDING.rows(connection, id="C1", today=day)
        ahead(connection, {THESE: {"ids": ["C2", "C1"]}, HOLDING: {"id": "C1", "today": day}, NUMBERS: {"nos": []}})
        assert (THESE.rows(connection, ids=["C2", "C1"]), HOLDING.rows(connection, id="C1", today=day)) == alone
        assert NUMBERS.rows(connection, nos=[]) == []


def test_an_answer_asked_ahead_is_given_once_and_to_its_own_question_only(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Adler"), Customer("C2", "Bussard")], (), {})
        connection = work.customers._connection
        ahead(connection, {THESE: {"ids": ["C1"]}})
        assert [row.id for row in THESE.rows(connection, ids=["C2"])] == ["C2"]
        ahead(connection, {THESE: {"ids": ["C1"]}})
        assert [row.name for row in THESE.rows(connection, ids=["C1"])] == ["Adler"]
        work.customers.upsert([Customer("C1", "Milan")], (), {})
        assert [row.name for row in THESE.rows(connection, ids=["C1"])] == ["Milan"]


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_on_postgres_several_are_one_way(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[str] = []
    ask = driver.rows

    def counted(connection: Connection, statement: str, values: Sequence[object]) -> list[Any]:
        ways.append(statement)
        return ask(connection, statement, values)

    monkeypatch.setattr(driver, "rows", counted)
    with pool.read() as work:
        connection = work.customers._connection
        ahead(connection, {THESE: {"ids": ["C1"]}, NUMBERS: {"nos": [1, 2]}})
        assert THESE.rows(connection, ids=["C1"]) == NUMBERS.rows(connection, nos=[1, 2]) == []
    assert len(ways) == 1
