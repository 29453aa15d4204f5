"""Words are found however they are written, and only by those who may read the mail."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.terms.customer import Customer, PartyKind
from rules.terms.finding import Action, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Address, Placement, Verdict
from rules.terms.upkeep import Stance
from storage.folding import found_at
from storage.pool import Pool
from tests.storage.making import NOON, mail, many

INFO = frozenset({"info"})


@pytest.mark.parametrize("written", ["Müller", "Mueller", "MÜLLER", "Muller", "Mu\u0308ller"])
@pytest.mark.parametrize("asked", ["müller", "Mueller", "muller", "Mül", "MU\u0308LLER"])
def test_an_umlaut_is_found_however_it_is_written(sqlite_pool: Pool, written: str, asked: str) -> None:
    with sqlite_pool.begin() as work:
        [no] = work.messages.add([mail(text=f"Gruß von Frau {written}, Straße 5")])
        assert [hit.no for hit in work.search.messages(asked, INFO)] == [no]


def test_both_databases_find_the_same(pool: Pool) -> None:
    mails = [
        mail("a", uid=1, text="Die Straße zum Lager von Mueller & Söhne, info@mueller-soehne.example, Nr. 4711-B"),
        mail("b", uid=2, subject="Übergrößen", sender=Address("x@example.org", "Jürgen Groß")),
        mail("c", uid=3, text="Привет, Łódź! it’s naïve"),
    ]
    with pool.begin() as work:
        a, b, c = work.messages.add(mails)

        def found(text: str) -> set[int]:
            return {hit.no for hit in work.search.messages(text, INFO)}

        assert found("STRASSE müller") == {a}
        assert found("info@mueller-soehne.example") == {a}
        assert found("mueller-soehne") == found("4711 B") == found("4711-b") == {a}
        assert found("uebergroessen") == found("ubergr") == found("Juergen GROSS") == {b}
        assert found("привет") == found("lodz") == found("naive") == {c}
        assert found("Mustermann") == {a, c}
        assert found("Lager Groß") == set()


def test_hits_tell_enough_to_choose(pool: Pool) -> None:
    text = "Lorem ipsum " * 40 + "und hier steht die Rechnungsnummer 4711 " + "dolor sit " * 40
    match = Match(Action.ATTACH, "C1")
    with pool.begin() as work:
        [no, other] = work.messages.add([mail(text=text, match=match), mail("b", uid=2, text="Rechnung")])
        [first, second] = work.search.messages("rechnungsn", INFO) + work.search.messages("Rechnung", INFO, limit=1)
    assert (first.no, first.customer_id, first.sender) == (no, "C1", "Erika Mustermann")
    assert (first.subject, first.date) == ("Angebot", NOON - timedelta(minutes=1))
    assert "Rechnungsnummer 4711" in first.snippet
    assert first.snippet.startswith("… ")
    assert first.snippet.endswith(" …")
    assert (second.no, second.snippet) == (other, "Rechnung")


def test_only_mail_of_ones_own_mailboxes_is_found(pool: Pool) -> None:
    with pool.begin() as work:
        shared, private = work.messages.add([mail("a", uid=1), mail("b", uid=1, mailbox="chef")])
        both = work.messages.add([mail("c", uid=2, mailbox="chef")])[0]
        work.messages.place(both, Placement("info", "INBOX", 7, 3), Verdict.NONE, NOON)

        def found(*mailboxes: str) -> set[int]:
            return {hit.no for hit in work.search.messages("Angebot", frozenset(mailboxes))}

        assert found("info") == {shared, both}
        assert found("chef") == {private, both}
        assert found("info", "chef") == {shared, private, both}
        assert found("unheard") == found() == set()


def test_the_newest_come_first_and_one_customer_can_be_asked_for(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(5))
        ours = work.messages.add([mail("z", uid=9, text="kurz", match=Match(Action.ATTACH, "C1"))])
        work.interactions.add([Interaction("C1", Channel.MAIL, NOON, "Angebot", message=ours[0])])
        assert [hit.no for hit in work.search.messages("kurz", INFO, limit=2)] == [numbers[4], numbers[3]]
        assert [hit.no for hit in work.search.messages("kurz", INFO, customer_id="C1")] == ours
        assert work.search.messages("kurz", INFO, customer_id="C2") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kurz*", True),
        ("-kurz", True),
        ("!kurz:B", True),
        ('"kurz"', True),
        ("'kurz':* & (gut", True),
        ("kurz OR lang", False),
        ("kurz AND", False),
        ("NEAR(kurz gut)", False),
        ("text:kurz", False),
        ("kurz\0", True),
        ('"', False),
        ("\\ ' %", False),
    ],
)
def test_query_syntax_means_nothing(pool: Pool, typed: str, found: bool) -> None:
    with pool.begin() as work:
        work.messages.add([mail(text="kurz und gut", subject="B")])
        assert bool(work.search.messages(typed, INFO)) is found


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_no_syntax(pool: Pool, typed: str) -> None:
    with pool.read() as work:
        assert work.search.messages(typed, INFO) == []
        assert work.customers.find(typed) == []


# The two databases and Python know different versions of Unicode; on the scripts of Europe they agree.
european = st.text(
    st.characters(max_codepoint=0x52F, exclude_characters="\0", exclude_categories=["Cs", "Cn", "Mn", "Me"]),
    max_size=60,
)


class Undone(Exception):
    """Ends a unit of work without a trace."""


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=european)
def test_every_word_of_a_text_finds_it(pool: Pool, text: str) -> None:
    with suppress(Undone), pool.begin() as work:
        [no] = work.messages.add([mail(text=text)])
        for word in re.findall(r"[^\W_]+", text):
            assert [hit.no for hit in work.search.messages(word, INFO)] == [no], word
        raise Undone


def test_very_long_texts_and_words_are_taken(pool: Pool) -> None:
    text = "x" * 5000 + " " + " ".join(f"w{no}" for no in range(60_000))
    with pool.begin() as work:
        [no] = work.messages.add([mail(text=text)])
        assert [hit.no for hit in work.search.messages("x" * 70, INFO)] == [no]
        assert [hit.no for hit in work.search.messages("w15 " * 500, INFO)] == [no]
        found = work.messages.get(no)
    assert found is not None
    assert found.message.text == text


def test_a_place_in_a_text_is_found_by_its_folded_beginning() -> None:
    assert found_at("Sehr geehrter Herr Müller", ["muller"]) == 19
    assert found_at("nichts", ["muller"]) == 0
    assert found_at("lorem " * 1000 + "Obermüller Müllerin", ["muller"]) == 6011
    assert found_at("x" * 3000 + " Müller", ["muller"]) == 3001


def test_applications_are_found_at_the_applicant_and_not_in_the_pool(pool: Pool) -> None:
    mails = [
        replace(mail("bewerbung", uid=1, text="Motorradmechaniker", thread="t1"), writer="lea@fremd.example"),
        mail("antwort", uid=2, text="Motorradmechaniker gesucht", thread="t1"),
        mail("kunde", uid=3, text="Motorradmechaniker im Haus?", thread="t2"),
        mail("akte", uid=4, text="Motorradmechaniker", thread="t3", match=Match(Action.ATTACH, "P1")),
        mail("beides", uid=5, text="Motorradmechaniker", thread="t4", match=Match(Action.ATTACH, "K1")),
    ]
    with pool.begin() as work:
        one, two, three, four, five = work.messages.add(mails)

        def found(customer_id: str | None = None) -> set[int]:
            return {hit.no for hit in work.search.messages("Motorradmechaniker", INFO, customer_id=customer_id)}

        assert found() == {one, two, three, four, five}
        both = frozenset({PartyKind.APPLICANT, PartyKind.CUSTOMER})
        applicant = Customer("P1", "Lea Kern", party=frozenset({PartyKind.APPLICANT}))
        work.customers.upsert([applicant, Customer("K1", "Ole Kern", party=both)], ())
        work.interactions.add([Interaction("P1", Channel.MAIL, NOON, "Angebot", message=four)])
        assert found() == {one, two, three, five}
        work.senders.say("lea@fremd.example", Stance.APPLICANT, "anna", NOON)
        assert found() == {three, five}
        assert found(customer_id="P1") == {four}
        work.senders.say("lea@fremd.example", Stance.IGNORE, "anna", NOON)
        assert found() == {one, two, three, five}
