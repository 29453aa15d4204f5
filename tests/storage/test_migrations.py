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

from rules.terms.customer import Contact, Customer, Reference
from rules.terms.mail import Cursor, Health, Mailbox
from rules.terms.staff import Staff
from storage import migrating, records
from storage.columns import metadata
from storage.migrations import REVISIONS
from storage.pool import Pool
from tests.storage.making import mail


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Whether a table is one of those described as such; the indexes of words are the databases' own."""
    return not (
        kind == "table" and name is not None and name.startswith(("message_words", "customer_words", "sqlite_"))
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


def test_a_pool_of_the_first_version_keeps_its_mail(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail()])
    with pool._writing_alone() as connection:
        connection.execute(text("alter table boxes drop column owner"))
        connection.execute(text("update alembic_version set version_num = '0001'"))
    with pool._writing_alone() as connection:
        migrating.upgrade(connection)
        assert migrating.revision(connection) == REVISIONS[-1]
    with pool.begin() as work:
        assert work.mailboxes.left_to("anna") == set()
        assert work.messages.latest(frozenset({"info"})) == [1]


@pytest.mark.parametrize(
    ("term", "table", "beside"),
    [
        (Customer, records.customers, {"no", "name_key"}),
        (Contact, records.contacts, set()),
        (Reference, records.customer_references, set()),
        (Cursor, records.folders, {"mailbox", "name", "role"}),
        (Mailbox, records.mailboxes, {"secret"}),
        (Health, records.health, {"mailbox"}),
        (Staff, records.staff, {"password_hash"}),
    ],
)
def test_every_field_of_a_term_has_its_column(term: Any, table: Table, beside: set[str]) -> None:
    assert {field.name for field in fields(term)} == set(table.columns.keys()) - beside
