"""Notes, calls and letters are found by their words, as they stand now, and not once they are gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from rules.terms.customer import Contact, Customer, PartyKind
from rules.terms.document import Document, Legibility, ReadFile
from rules.terms.interaction import Channel, Interaction
from storage import migrating
from storage.pool import Pool, Work
from storage.restrictions import Restriction
from storage.search import EntryHit
from tests.storage.making import NOON, mail

CALL = Interaction("C1", Channel.CALL, NOON, "Anruf", "Frau Müller fragt nach Übergrößen", contact_id="P1")
LETTER = Document(
    "d" * 64, "brief.pdf", "application/pdf", 9, ReadFile(Legibility.TEXT, "wir kündigen fristgerecht", 1)
)


def found(work: Work, asked: str) -> list[int]:
    return [hit.id for hit in work.search.entries(asked)]


def entry(work: Work, made: Interaction, name: str = "x") -> int:
    work.interactions.add([made], [name])
    kept = work.interactions.by_external_id(name)
    assert kept is not None
    assert kept.id is not None
    return kept.id


@pytest.mark.parametrize("asked", ["Mueller", "MÜLLER", "mull", "uebergroessen frau", "Anruf Müller"])
def test_a_note_is_found_however_it_is_written(pool: Pool, asked: str) -> None:
    with pool.begin() as work:
        id = entry(work, CALL)
        assert work.search.entries(asked) == [
            EntryHit(id, "C1", Channel.CALL, "Anruf", NOON, "Frau Müller fragt nach Übergrößen")
        ]
        assert [one.id for one in work.interactions.holding("C1", asked)] == [id]
        assert work.interactions.holding("C2", asked) == []


def test_a_part_of_a_word_is_enough_within_one_customers_entries(pool: Pool) -> None:
    with pool.begin() as work:
        ids = [
            entry(work, replace(CALL, text="Die Wasserleitung", date=NOON - timedelta(days=no)), f"x{no}")
            for no in range(3)
        ]
        assert [one.id for one in work.interactions.holding("C1", "LEITUNG anruf", 2)] == ids[:2]
        assert work.interactions.holding("C1", "leitung ventil") == []


def test_all_words_have_to_be_there_in_subject_text_or_file(pool: Pool) -> None:
    with pool.begin() as work:
        id = entry(work, replace(CALL, channel=Channel.LETTER))
        work.documents.put(id, LETTER)
        assert found(work, "anruf müller fristgerecht") == [id]
        assert found(work, "anruf müller termingerecht") == []
        [hit] = work.search.entries("kuendigen")
        assert "wir kündigen fristgerecht" in hit.snippet
        for nothing in ("", "!?", "* -"):
            assert work.search.entries(nothing) == []
            assert work.interactions.holding("C1", nothing) == []


def test_the_newest_come_first_and_no_more_than_asked_for(pool: Pool) -> None:
    with pool.begin() as work:
        ids = [entry(work, replace(CALL, date=NOON - timedelta(days=no)), f"x{no}") for no in range(5)]
        assert found(work, "übergr") == ids
        assert [hit.id for hit in work.search.entries("Müller", limit=2)] == ids[:2]


def test_what_changes_is_found_by_its_new_words_only(pool: Pool) -> None:
    with pool.begin() as work:
        id = entry(work, CALL)
        work.documents.put(id, LETTER)
        assert entry(work, replace(CALL, text="Liefertermin")) == id
        assert found(work, "Liefertermin kündigen") == [id]
        assert found(work, "Müller") == []
        work.documents.put(id, replace(LETTER, digest="e" * 64, read=replace(LETTER.read, text="widerrufen")))
        assert found(work, "widerrufen liefertermin") == [id]
        assert found(work, "kündigen") == []
        work.documents.put(id, None)
        assert found(work, "widerrufen") == []
        assert found(work, "liefertermin") == [id]


def test_a_mail_is_found_as_a_mail_and_not_as_an_entry(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail(text="Vertrauliches")])
        work.interactions.add([Interaction("C1", Channel.MAIL, NOON, "Betreff", "Vertrauliches", message=no)])
        assert found(work, "Vertrauliches") == found(work, "Betreff") == []


def test_nothing_of_a_restricted_customer_is_found_and_all_of_it_afterwards(pool: Pool) -> None:
    with pool.begin() as work:
        id, other = entry(work, CALL), entry(work, replace(CALL, customer_id="C2"), "y")
        work.restrictions.put(Restriction("C1", NOON, None, "adam"))
        assert found(work, "Müller") == [other]
        work.restrictions.lift("C1")
        assert set(found(work, "Müller")) == {id, other}


def test_what_an_applicant_sent_is_found_at_the_applicant_alone(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Lea Kern", party=frozenset({PartyKind.APPLICANT}))], [])
        id, other = entry(work, CALL), entry(work, replace(CALL, customer_id="C2"), "y")
        assert found(work, "Müller") == [other]
        assert [one.id for one in work.interactions.holding("C1", "Müller")] == [id]


def terms(pool: Pool) -> set[str]:
    """Every word that the index holds."""
    with pool._writing_alone() as connection:
        if connection.dialect.name == "sqlite":
            made = "create virtual table if not exists temp.t using fts5vocab(main, entry_words, row)"
            connection.execute(text(made))
            return set(connection.scalars(text("select term from temp.t")))
        return set(connection.scalars(text("select unnest(tsvector_to_array(words)) from entry_words")))


@pytest.mark.parametrize("whose", ["customer", "person"])
def test_no_word_stays_of_what_is_erased(pool: Pool, whose: str) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Eins"), Customer("C2", "Zwei")], [])
        work.customers.upsert_contacts([Contact("P1", "C1", last_name="Müller")], [])
        id = entry(work, CALL)
        work.documents.put(id, LETTER)
        entry(work, Interaction("C2", Channel.NOTE, NOON, "bleibt"), "y")
    with pool.erasing() as work:
        if whose == "customer":
            work.erasures.erase_customers(["C1"])
        else:
            work.erasures.erase_contacts(["P1"], [])
    assert terms(pool) == {"bleibt"}


def test_merging_and_its_undoing_take_the_words_along(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Eins"), Customer("C2", "Zwei")], [])
        id = entry(work, CALL)
        number = work.merges.merge("C2", "C1", "anna", NOON)
        assert [(hit.id, hit.customer_id) for hit in work.search.entries("Müller")] == [(id, "C2")]
        work.merges.undo(number, "anna", NOON)
        assert [(hit.id, hit.customer_id) for hit in work.search.entries("Müller")] == [(id, "C1")]


def test_the_upgrade_indexes_what_is_there(url: str, blobs: str) -> None:
    pool = Pool(url, blobs)
    try:
        with pool._writing_alone() as connection:
            migrating.upgrade(connection, "0018")
            for statement in (
                """insert into interactions (id, customer_id, date, channel, staff, subject, text)
                    values (7, 'C1', 1, 'letter', '', 'Brief', 'Grüße')""",
                """insert into documents (interaction, digest, name, media_type, size, legibility, text)
                    values (7, 'd', 'n', 'm', 1, 'text', 'fristgerecht')""",
            ):
                connection.execute(text(statement))
        with pool._writing_alone() as connection:
            migrating.upgrade(connection)
        with pool.read() as work:
            assert found(work, "gruesse brief fristgerecht") == [7]
    finally:
        pool.close()


def test_a_copy_of_the_pool_finds_the_same(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("copy")
    with pool.begin() as work:
        id = entry(work, CALL)
        work.documents.put(id, LETTER)
    again = Pool.load(f"sqlite:///{folder}/copy.db", str(folder / "blobs"), pool.dump())
    try:
        assert terms(again) == terms(pool)
        with again.read() as work:
            assert found(work, "Müller kündigen") == [id]
    finally:
        again.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_no_syntax(pool: Pool, typed: str) -> None:
    with pool.read() as work:
        assert work.search.entries(typed) == []
        assert work.interactions.holding("C1", typed) == []
