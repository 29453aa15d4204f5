"""Watched mailboxes, their cursors and their health."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.terms.errors import MailboxPersonal, UnknownName
from rules.terms.mail import Cursor, FolderRole, FolderState, Health, HealthState, Mailbox, MailboxKind, Tls
from storage.pool import Pool
from tests.storage.making import NOON, mail

FULL = Mailbox(
    name="info",
    kind=MailboxKind.DOOR,
    address="info@firma.example",
    host="mail.example",
    port=143,
    tls=Tls.STARTTLS,
    ca_file="/etc/ca.pem",
    user="info",
    folders=("INBOX", "Aufträge"),
    sent="Gesendet",
    owner="anna",
    members=frozenset({"bert", "anna"}),
    follow=True,
    own_server=False,
    declared=True,
)


def test_a_mailbox_comes_back(pool: Pool) -> None:
    with pool.begin() as work:
        work.mailboxes.put(FULL)
        work.mailboxes.put(Mailbox("akten"))
        assert work.mailboxes.get("info") == FULL
        assert work.mailboxes.all() == [Mailbox("akten"), FULL]
        assert work.mailboxes.get("x") is None


def test_new_settings_keep_secret_and_cursor(pool: Pool) -> None:
    cursor = Cursor(2**32 - 1, 2**32 - 2, 17, 2**63 - 1, 3, 4)
    with pool.begin() as work:
        work.mailboxes.put(FULL)
        work.mailboxes.set_secret("info", b"\x00sealed\xff")
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, cursor)
        work.mailboxes.put(replace(FULL, host="new.example"))
        assert work.mailboxes.secret("info") == b"\x00sealed\xff"
        assert work.mailboxes.cursor("info", "INBOX") == cursor
        work.mailboxes.set_secret("info", None)
        assert work.mailboxes.secret("info") is None
        work.mailboxes.set_follow("info", False)
        found = work.mailboxes.get("info")
        assert found is not None
        assert not found.follow
        with pytest.raises(UnknownName):
            work.mailboxes.set_follow("nobody", True)
        with pytest.raises(UnknownName):
            work.mailboxes.set_secret("nobody", b"x")


def test_cursors_advance(pool: Pool) -> None:
    with pool.begin() as work:
        boxes = work.mailboxes
        boxes.put(FULL)
        assert boxes.cursor("info", "INBOX") is None
        boxes.advance("info", "Archiv", FolderRole.ARCHIVE, Cursor(1, 2, 3))
        boxes.advance("info", "INBOX", FolderRole.OTHER, Cursor(1, 2))
        boxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(1, 9, modseq=5))
        assert boxes.folders("info") == [
            FolderState("info", "INBOX", FolderRole.INBOX, Cursor(1, 9, modseq=5)),
            FolderState("info", "Archiv", FolderRole.ARCHIVE, Cursor(1, 2, 3)),
        ]
        assert boxes.folders("other") == []


def test_mail_and_cursor_are_stored_together_or_not_at_all(pool: Pool) -> None:
    def interrupted() -> None:
        with pool.begin() as work:
            work.messages.add([mail()])
            work.mailboxes.put(FULL)
            work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    with pool.read() as work:
        assert work.messages.count() == 0
        assert work.mailboxes.cursor("info", "INBOX") is None


def test_the_mail_of_a_removed_mailbox_stays(pool: Pool) -> None:
    with pool.begin() as work:
        work.mailboxes.put(FULL)
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 1))
        work.mailboxes.set_health("info", Health(HealthState.WATCHING, NOON))
        work.messages.add([mail()])
        assert work.mailboxes.remove("info", NOON)
        assert not work.mailboxes.remove("info")
        assert work.mailboxes.all() == []
        assert work.mailboxes.folders("info") == []
        assert work.mailboxes.health() == {}
        assert work.messages.count() == 1
        assert work.messages.live_uids("info", "INBOX", 7) == set()


def test_health_comes_back(pool: Pool) -> None:
    full = Health(HealthState.LOGIN_REFUSED, NOON, NOON + timedelta(seconds=1), "idle+noop", 0.25, "en", "de")
    with pool.begin() as work:
        work.mailboxes.put(FULL)
        work.mailboxes.put(Mailbox("team"))
        work.mailboxes.set_health("info", Health(HealthState.STARTING, NOON))
        work.mailboxes.set_health("info", full)
        work.mailboxes.set_health("team", Health(HealthState.STARTING, NOON))
        assert work.mailboxes.health() == {"info": full, "team": Health(HealthState.STARTING, NOON)}


def test_what_a_watcher_still_brings_of_a_removed_mailbox_leaves_no_trace(pool: Pool) -> None:
    """Otherwise the past of another account, added under that name, would count as news."""
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info"))
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 1))
        work.mailboxes.remove("info", NOON)

    def bring() -> None:
        with pool.begin() as work:
            work.messages.add([mail()])
            work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, Cursor(7, 2))

    with pytest.raises(UnknownName):
        bring()
    with pytest.raises(UnknownName), pool.begin() as work:
        work.mailboxes.set_health("info", Health(HealthState.RETRYING, NOON))
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info", user="another"))
        assert work.mailboxes.folders("info") == []
        assert work.mailboxes.health() == {}
        assert work.messages.count() == 0


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("mails", [0, 1])
def test_a_personal_mailbox_stays_its_owners_until_it_is_shared(pool: Pool, removed: bool, mails: int) -> None:
    own = Mailbox("info", owner="anna")
    with pool.begin() as work:
        work.mailboxes.put(own)
        work.messages.add([mail()] * mails)
        if removed:
            work.mailboxes.remove("info")
        assert work.mailboxes.left_to("anna") == ({"info"} if removed else set())
        for other in (None, "bert"):
            with pytest.raises(MailboxPersonal, match="anna"):
                work.mailboxes.put(replace(own, owner=other))
        work.mailboxes.put(replace(own, host="new.example"))
        assert work.mailboxes.left_to("anna") == set()
        if removed:
            work.mailboxes.remove("info")
        work.mailboxes.share("info")
        assert work.mailboxes.left_to("anna") == set()
        work.mailboxes.put(replace(own, owner="bert"))
        work.mailboxes.share("info")
        assert work.mailboxes.all() == [replace(own, owner=None)]
        work.mailboxes.remove("info")
        work.mailboxes.put(replace(own, owner="bert"))
        with pytest.raises(UnknownName):
            work.mailboxes.share("nobody")


def test_reading_further_back_goes_through_the_past_once_more(pool: Pool) -> None:
    box = Mailbox("info", host="h", user="u", since=date(2024, 1, 1), excluded=("Betriebsrat",), expected=7)
    done = Cursor(1, 9, 9, None, 9, 9)
    with pool.begin() as work:
        work.mailboxes.put(box)
        work.mailboxes.advance("info", "INBOX", FolderRole.INBOX, done)
        work.mailboxes.put(replace(box, since=date(2025, 1, 1)))
        assert work.mailboxes.cursor("info", "INBOX") == done
        work.mailboxes.put(replace(box, since=None))
        assert work.mailboxes.cursor("info", "INBOX") == replace(done, backfill_uid=0)
        assert work.mailboxes.get("info") == replace(box, since=None)
