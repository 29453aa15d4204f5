"""The steps lead to the tables that the code means."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, text

from rules.terms.customer import Contact, Customer, IdentifierKind, Reference
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Particular, Payment, SurveyAnswer
from rules.terms.mail import Cursor, Health, Mailbox
from rules.terms.staff import Staff
from rules.terms.worth import Facts
from storage import ledger_tables, migrating, records
from storage.columns import metadata
from storage.migrations import REVISIONS
from storage.pool import Pool


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Whether a table is one of those described as such; the indexes of words are the databases' own."""
    return not (
        kind == "table"
        and name is not None
        and name.startswith(("message_words", "customer_words", "entry_words", "sqlite_"))
    )


def test_an_upgrade_from_nothing_makes_the_tables_that_the_code_means(pool: Pool) -> None:
    with pool._writing_alone() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
        assert migrating.revision(connection) == REVISIONS[-1]


def test_the_list_of_revisions_is_complete() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


def test_an_upgrade_again_changes_nothing(pool: Pool) -> None:
    with pool._writing_alone() as connection:
        migrating.upgrade(connection)
        assert migrating.revision(connection) == REVISIONS[-1]


OF_THE_FIRST_VERSION = (
    "insert into boxes (id, name) values (1, 'info')",
    """insert into messages (no, identity, message_id, thread, thread_key, direction, action, verdict, history, arrived,
        size, raw_digest, subject, sender_addr, sender_name, addresses, kind, reading, match)
        values (1, 'i', 'a@example.org', 'i', 1, 'incoming', 'unknown', 'none', false, 1, 1, 'd', 's',
        'Erika@Example.org', '', '[[],[],[],[]]', 'person', '["",null,null,null,null]',
        '["unknown",null,null,0.0,false,[],[],null]')""",
    "insert into texts (message, text) values (1, 'Guten Tag')",
    "insert into places (id, box, folder, uidvalidity) values (1, 1, 'INBOX', 7)",
    "insert into placements (place, uid, message, box, verdict, arrived) values (1, 1, 1, 1, 'none', 1)",
    """insert into customers (no, id, name, name_key, customer_no, kind, party, legal_form, street, zip, city, country,
        phone, fax, email, domain, vat_id, since, key_account, status)
        values (1, 'C1', 'Muster', 'muster', 'K-1', 'firm', '["customer"]', '', '', '', '', '', '', '', '', '', '', '',
        false, 'active')""",
    "insert into identifiers values ('domain', 'muster.example', 'C1', '', 'customers')",
    "insert into identifiers values ('address', 'privat@example.org', 'C1', '', 'anna')",
    "insert into customer_references (number, type, customer_id) values ('4711', 'order', 'C1')",
)


def test_a_pool_of_the_first_version_keeps_what_it_knows(url: str, blobs: str) -> None:
    pool = Pool(url, blobs)
    try:
        with pool._writing_alone() as connection:
            migrating.upgrade(connection, "0001")
            for statement in OF_THE_FIRST_VERSION:
                connection.execute(text(statement))
        with pool._writing_alone() as connection:
            migrating.upgrade(connection)
            assert migrating.revision(connection) == REVISIONS[-1]
            assert connection.scalar(text("select writer from messages")) == "erika@example.org"
        with pool.begin() as work:
            assert work.mailboxes.left_to("anna") == set()
            assert work.messages.latest(frozenset({"info"})) == [1]
            assert work.customers.size() == 1
            owners = work.customers.owners(
                {IdentifierKind.DOMAIN: ["muster.example"], IdentifierKind.ADDRESS: ["privat@example.org"]}
            )
            assert {one.source for found in owners.values() for one in found.known} == {"customers", "anna"}
            assert work.customers.references_of("C1") == [Reference("order", "4711", "C1")]
    finally:
        pool.close()


@pytest.mark.parametrize(
    ("term", "table", "beside"),
    [
        (Customer, records.customers, {"no", "name_key", "number_shape"}),
        (Contact, records.contacts, set()),
        (Reference, records.customer_references, {"number_key", "shape"}),
        (Cursor, records.folders, {"mailbox", "name", "role", "markable"}),
        (Mailbox, records.mailboxes, {"secret"}),
        (Health, records.health, {"mailbox"}),
        (Staff, records.staff, {"password_hash"}),
        (Order, ledger_tables.orders, set()),
        (Offer, ledger_tables.offers, set()),
        (Invoice, ledger_tables.invoices, set()),
        (Payment, ledger_tables.payments, {"key"}),
        (OpenItem, ledger_tables.open_items, {"batch"}),
        (SurveyAnswer, ledger_tables.surveys, set()),
        (Particular, ledger_tables.particulars, set()),
        (Facts, ledger_tables.customer_facts, {"customer_id"}),
    ],
)
def test_every_field_of_a_term_has_its_column(term: Any, table: Table, beside: set[str]) -> None:
    assert {field.name for field in fields(term)} == set(table.columns.keys()) - beside
