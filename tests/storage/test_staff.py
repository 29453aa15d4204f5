"""Staff, their sessions and their tokens."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.terms.errors import UnknownName
from rules.terms.staff import FieldGroup, Role, Staff
from storage.pool import Pool
from storage.staff import Token
from tests.storage.making import NOON

ANNA = Staff("anna", "Anna Arm", Role.LEAD, "anna@firma.example", "de", frozenset({FieldGroup.MONEY}))
LATER = NOON + timedelta(hours=8)


def test_staff_come_back(pool: Pool) -> None:
    bert = Staff("bert", "Bert", groups=frozenset(), active=False)
    with pool.begin() as work:
        work.staff.put(bert)
        work.staff.put(ANNA, "hash")
        assert work.staff.get("anna") == ANNA
        assert work.staff.all() == [ANNA, bert]
        assert work.staff.get("x") is None
        assert work.staff.password_hash("anna") == "hash"
        assert work.staff.password_hash("bert") is None
        work.staff.put(replace(ANNA, role=Role.ADMIN))
        assert work.staff.password_hash("anna") == "hash"
        found = work.staff.get("anna")
    assert found is not None
    assert found.role is Role.ADMIN


def test_a_session_ends_when_its_time_is_over(pool: Pool) -> None:
    with pool.begin() as work:
        work.staff.put(ANNA)
        work.staff.open_session("d1", "anna", LATER)
        work.staff.open_session("d2", "anna", NOON)
        assert work.staff.session("d1", NOON) == "anna"
        assert work.staff.session("d1", LATER) is None
        assert work.staff.session("d2", NOON) is None
        assert work.staff.session("d3", NOON) is None
        assert work.staff.close_expired(NOON) == 1
        work.staff.close_session("d1")
        assert work.staff.session("d1", NOON) is None


def test_a_new_password_ends_all_sessions(pool: Pool) -> None:
    with pool.begin() as work:
        work.staff.put(ANNA)
        work.staff.open_session("d1", "anna", LATER)
        work.staff.set_password("anna", "new")
        assert work.staff.session("d1", NOON) is None
        with pytest.raises(UnknownName):
            work.staff.set_password("nobody", "x")


def test_who_left_has_neither_session_nor_token(pool: Pool) -> None:
    with pool.begin() as work:
        work.staff.put(ANNA)
        work.staff.open_session("d1", "anna", LATER)
        work.staff.add_token("t1", "anna", "Thunderbird", frozenset({"summary"}), None)
        work.staff.put(replace(ANNA, active=False))
        assert work.staff.session("d1", NOON) is None
        assert work.staff.token("t1", NOON) is None


def test_tokens_carry_scopes_and_expire(pool: Pool) -> None:
    scopes = frozenset({"summary", "stream"})
    with pool.begin() as work:
        work.staff.put(ANNA)
        first = work.staff.add_token("t1", "anna", "Thunderbird", scopes, None)
        second = work.staff.add_token("t2", "anna", "Skript", frozenset(), LATER)
        assert work.staff.token("t1", LATER) == ("anna", scopes)
        assert work.staff.token("t2", NOON) == ("anna", frozenset())
        assert work.staff.token("t2", LATER) is None
        assert work.staff.tokens("anna") == [
            Token(first, "anna", "Thunderbird", scopes, None),
            Token(second, "anna", "Skript", frozenset(), LATER),
        ]
        assert not work.staff.revoke_token(first, "bert")
        assert work.staff.revoke_token(first, "anna")
        assert work.staff.token("t1", NOON) is None
        assert work.staff.close_expired(LATER) == 1
        assert work.staff.tokens("anna") == []
