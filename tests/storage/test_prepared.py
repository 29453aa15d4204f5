"""Prepared selects say what SQLAlchemy's own way says, on both databases."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, bindparam, select

from rules.terms.customer import Customer
from storage.customer_files import CUSTOMER
from storage.ledger_tables import particulars
from storage.pool import Pool
from storage.prepared import Prepared, any_of
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
