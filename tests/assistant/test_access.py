from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assistant.access import Access, may_read
from assistant.attempts import PER_ADDRESS, PER_PERSON, WINDOW, Attempts, PooledAttempts
from rules.terms.errors import (
    LoginFailed,
    NotFound,
    NotLoggedIn,
    OldPasswordWrong,
    PasswordUnfit,
    TooMany,
    UnknownName,
    WrongUse,
)
from rules.terms.mail import Mailbox
from rules.terms.staff import Role, Staff
from storage.attempts import attempts as attempts_table
from storage.columns import metadata
from storage.pool import Pool
from tests.fakes import QUICK

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PASSWORD = "correct horse battery"


@pytest.fixture
def pool(url: str, blobs: str) -> Iterator[Pool]:
    pool = Pool.create(url, blobs)
    yield pool
    pool.close()


@pytest.fixture
def access(pool: Pool) -> Access:
    access = Access(pool, session_hours=12, hasher=QUICK)
    access.add(Staff("anna", "Anna Arndt"), PASSWORD)
    access.add(Staff("adam", "Adam Amt", Role.ADMIN), PASSWORD)
    return access


def test_a_session_ends_after_its_hours_without_use(access: Access) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    assert access.viewer_of_session(secret, NOW + 11 * HOUR) is not None
    fresh = access.log_in("anna", PASSWORD, NOW)
    assert access.viewer_of_session(fresh, NOW + 13 * HOUR) is None


def test_each_use_pushes_the_end_of_a_session_out(access: Access) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    for hour in range(0, 40, 5):
        assert access.viewer_of_session(secret, NOW + hour * HOUR) is not None


def test_looking_without_use_does_not_push_the_end_out(access: Access) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    for hour in range(12):
        assert access.viewer_of_session(secret, NOW + hour * HOUR, slide=False) is not None
    assert access.viewer_of_session(secret, NOW + 13 * HOUR, slide=False) is None


def test_logging_out_ends_the_session(access: Access) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    access.log_out(secret)
    assert access.viewer_of_session(secret, NOW) is None


def test_the_pool_keeps_no_secret(pool: Pool, access: Access) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    token = access.new_token("anna", "Thunderbird", {"read"}, None)
    with pool.read() as work:
        held = [
            tuple(row) for table in metadata.tables.values() for row in work.attempts._connection.execute(select(table))
        ]
    assert any("anna" in row for row in held)
    for hidden in (secret, token, PASSWORD):
        assert hidden not in str(held)


@pytest.mark.parametrize(
    ("login", "password"), [("anna", "wrong password"), ("nobody", PASSWORD), ("", ""), ("anna", "")]
)
def test_a_wrong_login_and_a_wrong_password_answer_the_same(access: Access, login: str, password: str) -> None:
    with pytest.raises(LoginFailed):
        access.log_in(login, password, NOW)


def test_who_has_left_cannot_log_in(access: Access, pool: Pool) -> None:
    secret = access.log_in("anna", PASSWORD, NOW)
    token = access.new_token("anna", "Thunderbird", {"read"}, None)
    with pool.begin() as work:
        work.staff.put(Staff("anna", "Anna Arndt", active=False))
    with pytest.raises(NotLoggedIn):
        access.log_in("anna", PASSWORD, NOW)
    assert access.viewer_of_session(secret, NOW) is None
    assert access.grant(token, NOW) is None


def test_the_sixth_wrong_password_must_wait_even_if_it_is_right(access: Access) -> None:
    for _ in range(PER_PERSON):
        with pytest.raises(LoginFailed):
            access.log_in("anna", "wrong password", NOW, "192.0.2.1")
    with pytest.raises(TooMany) as refused:
        access.log_in("anna", PASSWORD, NOW, "192.0.2.1")
    assert refused.value.details["seconds"] == 900
    assert access.log_in("anna", PASSWORD, NOW, "192.0.2.2")
    assert access.log_in("anna", PASSWORD, NOW + WINDOW, "192.0.2.1")


def test_processes_on_one_pool_count_together_and_keep_nothing_readable(pool: Pool) -> None:
    one, other = (Access(pool, hasher=QUICK, key=b"the same") for _ in range(2))
    one.add(Staff("anna", "Anna Arndt"), PASSWORD)
    for access in (one, other, one, other, one):
        with pytest.raises(LoginFailed):
            access.log_in("anna", "wrong password", NOW, "192.0.2.1")
    for access in (one, other):
        with pytest.raises(TooMany):
            access.log_in("anna", PASSWORD, NOW, "192.0.2.1")
    with pool.read() as work:
        rows = work.attempts._connection.execute(select(attempts_table)).all()
        assert len(rows) == 3 * PER_PERSON
        assert not any("anna" in str(row) or "192" in row.digest for row in rows)
    assert other.log_in("anna", PASSWORD, NOW + WINDOW, "192.0.2.1")
    with pool.read() as work:
        assert work.attempts._connection.execute(select(attempts_table)).all() == []


def test_another_key_counts_by_itself(pool: Pool) -> None:
    """So nobody can tell from the pool alone whose attempts these are."""
    one, other = (Access(pool, hasher=QUICK, key=key) for key in (b"one", b"other"))
    one.add(Staff("anna", "Anna Arndt"), PASSWORD)
    for _ in range(PER_PERSON):
        with pytest.raises(LoginFailed):
            one.log_in("anna", "wrong password", NOW, "192.0.2.1")
    assert other.log_in("anna", PASSWORD, NOW, "192.0.2.1")


@pytest.mark.parametrize("pooled", [False, True])
def test_one_address_cannot_try_many_logins(pool: Pool, *, pooled: bool) -> None:
    attempts = PooledAttempts(pool) if pooled else Attempts()
    for number in range(PER_ADDRESS):
        attempts.begin(f"login{number}", "2001:db8::1", NOW)
    with pytest.raises(TooMany):
        attempts.begin("another", "2001:db8::2", NOW)
    attempts.begin("another", "2001:db8:0:1::2", NOW)


@pytest.mark.parametrize("pooled", [False, True])
def test_a_success_takes_back_what_it_was_counted_as(pool: Pool, *, pooled: bool) -> None:
    attempts = PooledAttempts(pool) if pooled else Attempts()
    for _ in range(PER_ADDRESS * 3):
        attempts.begin("anna", "192.0.2.1", NOW)
        attempts.succeeded("anna", "192.0.2.1")


def test_a_token_is_good_for_its_scopes_only(access: Access) -> None:
    token = access.new_token("anna", "Thunderbird", {"read"}, NOW + HOUR)
    assert token.startswith("kp_")
    viewer = access.viewer_of_token(token, "read", NOW)
    assert viewer is not None
    assert viewer.login == "anna"
    assert access.viewer_of_token(token, "write", NOW) is None
    assert access.viewer_of_token(token, "read", NOW + 2 * HOUR) is None
    assert access.viewer_of_token("kp_other", "read", NOW) is None


def test_only_ones_own_tokens_can_be_revoked(access: Access) -> None:
    token = access.new_token("anna", "Thunderbird", {"read", "write"}, None)
    [listed] = access.tokens("anna")
    with pytest.raises(NotFound):
        access.revoke("adam", listed.id)
    access.revoke("anna", listed.id)
    assert access.grant(token, NOW) is None


@pytest.mark.parametrize("scopes", [set(), {"admin"}, {"read", "everything"}])
def test_a_token_needs_a_scope_that_exists(access: Access, scopes: set[str]) -> None:
    with pytest.raises(WrongUse):
        access.new_token("anna", "Thunderbird", scopes, None)


@pytest.mark.parametrize("password", ["", "neunzehn", "x" * 201])
def test_a_password_is_neither_short_nor_endless(access: Access, password: str) -> None:
    with pytest.raises(PasswordUnfit):
        access.add(Staff("new", "New"), password)


def test_a_login_is_given_once(access: Access) -> None:
    with pytest.raises(WrongUse):
        access.add(Staff("anna", "Another Anna"), PASSWORD)


def test_a_new_password_ends_the_other_sessions(access: Access) -> None:
    old = access.log_in("anna", PASSWORD, NOW)
    new = access.change_password("anna", PASSWORD, "another long password", NOW)
    assert access.viewer_of_session(old, NOW) is None
    assert access.viewer_of_session(new, NOW) is not None
    with pytest.raises(OldPasswordWrong):
        access.change_password("anna", PASSWORD, "yet another password", NOW)


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(access: Access) -> None:
    access.set_password("anna", "Fra\u0308ulein Mu\u0308ller")
    assert access.log_in("anna", "Fr\u00e4ulein M\u00fcller", NOW)


def test_no_role_opens_somebody_elses_mailbox(access: Access, pool: Pool) -> None:
    with pool.begin() as work:
        for mailbox in (
            Mailbox("info"),
            Mailbox("sales", members=frozenset({"anna"})),
            Mailbox("anna", owner="anna"),
            Mailbox("adam", owner="adam", members=frozenset({"anna"})),
        ):
            work.mailboxes.put(mailbox)
    assert access.viewer(Staff("anna", "")).mailboxes == {"info", "sales", "anna"}
    assert access.viewer(Staff("adam", "", Role.ADMIN)).mailboxes == {"info", "adam"}
    assert not may_read(Mailbox("berta", owner="berta"), "adam")


def test_a_login_is_known_in_whichever_case_it_is_typed_and_kept_as_it_was_added(access: Access) -> None:
    access.add(Staff("Bernd", "Bernd"), PASSWORD)
    viewer = access.viewer_of_session(access.log_in("bERND", PASSWORD, NOW), NOW)
    assert viewer is not None
    assert viewer.login == "Bernd"
    granted = access.grant(access.new_token("bernd", "mutt", {"read"}), NOW)
    assert granted is not None
    assert granted[0].login == "Bernd"
    with pytest.raises(WrongUse, match="taken"):
        access.add(Staff("BERND", "Another"), PASSWORD)


def test_who_tries_passwords_gains_nothing_by_another_spelling(access: Access) -> None:
    for count in range(PER_PERSON):
        with pytest.raises(LoginFailed):
            access.log_in("anna" if count % 2 else "ANNA", "wrong password", NOW, "192.0.2.1")
    with pytest.raises(TooMany):
        access.log_in("Anna", PASSWORD, NOW, "192.0.2.1")


@pytest.mark.parametrize("login", ["", "bernd b", " bernd", "bernd\n", "b/d", "b\x00d"])
def test_a_login_that_cannot_be_typed_safely_is_refused(access: Access, login: str) -> None:
    with pytest.raises(WrongUse, match="letters, digits"):
        access.add(Staff(login, "Bernd"), PASSWORD)


@pytest.mark.parametrize("login", ["jürgen", "b.d-e_f", "bernd@muster.example"])
def test_a_usual_login_is_taken(access: Access, login: str) -> None:
    access.add(Staff(login, "Bernd"), PASSWORD)
    assert access.log_in(login, PASSWORD, NOW)


def test_a_token_is_for_somebody(access: Access) -> None:
    with pytest.raises(UnknownName, match="nobody"):
        access.new_token("nobody", "mutt", {"read"})


def test_who_is_disabled_is_out_at_once_and_stays_out_of_old_doors(access: Access) -> None:
    secret, token = access.log_in("anna", PASSWORD, NOW), access.new_token("anna", "mutt", {"read"})
    access.set_active("Anna", False)
    assert access.viewer_of_session(secret, NOW) is None
    assert access.grant(token, NOW) is None
    with pytest.raises(LoginFailed):
        access.log_in("anna", PASSWORD, NOW)
    access.set_active("anna", True)
    assert access.viewer_of_session(secret, NOW) is None
    assert access.grant(token, NOW) is None
    assert access.log_in("anna", PASSWORD, NOW)


def test_the_last_administrator_stays_one(access: Access) -> None:
    with pytest.raises(WrongUse, match="last administrator"):
        access.set_active("adam", False)
    with pytest.raises(WrongUse, match="last administrator"):
        access.set_role("adam", Role.LEAD)
    secret = access.log_in("adam", PASSWORD, NOW)
    access.set_role("anna", Role.ADMIN)
    access.set_role("adam", Role.STAFF)
    viewer = access.viewer_of_session(secret, NOW)
    assert viewer is not None
    assert viewer.role is Role.STAFF
    with pytest.raises(WrongUse, match="last administrator"):
        access.set_active("anna", False)
