"""Accounts against a real Dovecot: what is there, and its mail, with nothing changed."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.imap import Account, Fetched, Limits
from connectors.imap.session import Session
from connectors.imap.survey import survey
from rules.terms.errors import DeadlinePassed, FolderMissing
from rules.terms.mail import Cursor, FolderRole
from tests.servers.dovecot import Dovecot

pytestmark = pytest.mark.dovecot


def mail(number: int, size: int = 0) -> bytes:
    return b"From: a@example.org\r\nSubject: %d\r\n\r\n%s\r\n" % (number, b"x" * size)


def fetched(account: Account, folder: str = "INBOX", cursor: Cursor | None = None, **more: object) -> list[Fetched]:
    return list(account.fetch(folder, cursor, stop=threading.Event(), **more))  # type: ignore[arg-type]


def uids(batches: list[Fetched]) -> list[int]:
    return [one.placement.uid or 0 for batch in batches for one in batch.mails]


def test_a_folder_is_read_whole_and_stays_as_it_was(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(130)])
    dovecot.fill(user, "INBOX", [mail(200), mail(201)], ["\\Seen", "\\Flagged", "$Kunde"])
    with dovecot.client(user) as client:
        before = client.flags("INBOX")
    batches = fetched(account)
    raws = [one.raw for batch in batches for one in batch.mails]
    with dovecot.client(user) as client:
        assert client.flags("INBOX") == before
    assert raws == [mail(number) for number in [*range(130), 200, 201]]
    assert uids(batches) == list(range(1, 133))
    assert max(len(batch.mails) for batch in batches) == 100
    assert batches[-1].done == batches[-1].total == 132
    last = batches[-1].mails[-1]
    assert last.placement.flags == {"\\Flagged", "$Kunde"}
    assert last.placement.mailbox == user
    assert last.arrived is not None
    assert abs(last.arrived - datetime.now(UTC)) < timedelta(minutes=5)


def test_what_lay_there_first_is_history_and_what_came_later_is_not(
    dovecot: Dovecot, user: str, account: Account
) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    cursor = fetched(account)[-1].cursor
    assert cursor.history_uid == 2
    assert cursor.backfill_uid == cursor.backfill_until
    dovecot.append(user, "INBOX", mail(3))
    later = fetched(account, cursor=cursor)
    assert uids(later) == [3]
    assert later[-1].cursor.history_uid == 2
    assert fetched(account, cursor=later[-1].cursor) == []


def test_an_empty_folder_gives_a_cursor_so_that_later_mail_is_news(
    dovecot: Dovecot, user: str, account: Account
) -> None:
    (first,) = fetched(account)
    assert first.mails == ()
    dovecot.append(user, "INBOX", mail(1))
    (later,) = fetched(account, cursor=first.cursor)
    assert uids([later]) == [1]
    assert later.cursor.history_uid == 0


def test_reading_stops_and_goes_on_at_any_point(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(25)])
    account = Account(account.mailbox, dovecot.password, Limits(batch_mails=4))
    cursor: Cursor | None = None
    seen: list[int] = []
    for _ in range(30):
        stop = threading.Event()
        for batch in account.fetch("INBOX", cursor, stop=stop):
            seen += uids([batch])
            cursor = batch.cursor
            if batch.mails:
                stop.set()
    assert seen == list(range(1, 26))


def test_new_mail_is_read_before_the_rest_of_the_history(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(10)])
    account = Account(account.mailbox, dovecot.password, Limits(batch_mails=4))
    run = account.fetch("INBOX", None, stop=threading.Event())
    next(run)
    cursor = next(run).cursor
    run.close()  # type: ignore[attr-defined]
    dovecot.append(user, "INBOX", mail(11))
    assert uids(fetched(account, cursor=cursor)) == [11, 5, 6, 7, 8, 9, 10]


def test_batches_are_bounded_by_bytes_and_a_mail_over_the_limit_is_refused(
    dovecot: Dovecot, user: str, account: Account
) -> None:
    dovecot.fill(user, "INBOX", [mail(1, 300), mail(2, 300), mail(3, 3000), mail(4)])
    small = Account(account.mailbox, dovecot.password, Limits(batch_bytes=500, mail_bytes=2000))
    batches = fetched(small)
    assert [uids([batch]) for batch in batches if batch.mails] == [[1], [2], [4]]
    ((uid, reason),) = [refused for batch in batches for refused in batch.refused]
    assert uid == 3
    assert "more than the limit of 2000" in reason
    assert batches[-1].cursor.backfill_uid == 4


def test_since_leaves_older_history_for_another_run(dovecot: Dovecot, user: str, account: Account) -> None:
    with dovecot.client(user) as client:
        client.append("INBOX", "", '"01-Mar-2020 10:00:00 +0000"', mail(1))
        client.append("INBOX", "", '"01-Mar-2024 10:00:00 +0000"', mail(2))
        client.append("INBOX", "", '"02-Mar-2024 10:00:00 +0000"', mail(3))
    recent = fetched(account, since=date(2024, 1, 1))
    assert uids(recent) == [2, 3]
    cursor = recent[-1].cursor
    assert uids(fetched(account, cursor=cursor, since=date(2024, 1, 1), known={2})) == [3]
    assert uids(fetched(account, cursor=cursor, known={2, 3})) == [1]


def test_a_mailbox_read_since_a_day_passes_over_what_is_older_for_good(
    dovecot: Dovecot, user: str, account: Account
) -> None:
    for number, day in enumerate(("01-Jan-2020", "02-Feb-2022", "03-Mar-2024", "04-Apr-2021"), 1):
        with dovecot.client(user) as client:
            client.append("INBOX", "", f'"{day} 12:00:00 +0000"', mail(number))
    young = Account(replace(account.mailbox, since=date(2022, 1, 1)), dovecot.password)
    first = fetched(young)
    assert uids(first) == [2, 3]
    cursor = first[-1].cursor
    assert cursor.backfill_uid == cursor.backfill_until
    assert uids(fetched(young, cursor=cursor)) == []
    # A run that stopped in between goes on behind its mark.
    assert uids(fetched(young, cursor=replace(cursor, backfill_uid=2))) == [3]
    # New mail is new whatever day it claims to have arrived on.
    with dovecot.client(user) as client:
        client.append("INBOX", "", '"01-Jan-2019 12:00:00 +0000"', mail(5))
    assert uids(fetched(young, cursor=cursor)) == [5]


def test_a_survey_counts_by_day_and_names_the_newest(dovecot: Dovecot, user: str, account: Account) -> None:
    for number, year in enumerate((2020, 2022, 2024), 1):
        with dovecot.client(user) as client:
            client.append("INBOX", "", f'"02-Feb-{year} 12:00:00 +0000"', mail(number))
    day = date(2022, 1, 1)
    found = survey(account, ["INBOX", "Gibt es nicht"], [day], 2)
    assert found.counts == {None: {"INBOX": 3}, day: {"INBOX": 2}}
    assert found.newest == {"INBOX": (2, 3)}


def test_a_renumbered_folder_is_read_again_and_says_so(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "Projekt", [mail(1), mail(2)])
    cursor = fetched(account, "Projekt")[-1].cursor
    with dovecot.client(user) as client:
        client.delete("Projekt")
    dovecot.doveadm("mailbox", "create", "-u", user, "Projekt")
    dovecot.fill(user, "Projekt", [mail(1), mail(2), mail(3)])
    batches = fetched(account, "Projekt", cursor)
    assert batches[0].reset
    assert batches[0].mails == ()
    assert not any(batch.reset for batch in batches[1:])
    assert uids(batches) == [1, 2, 3]
    assert batches[-1].cursor.uidvalidity != cursor.uidvalidity
    # The history had been read: what the pool does not know of these came after the folder was added.
    assert batches[-1].cursor.history_uid == 0


def test_uids_that_are_handed_out_anew_are_noticed(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    cursor = fetched(account)[-1].cursor
    batches = fetched(account, cursor=replace(cursor, last_uid=90, history_uid=90))
    assert batches[0].reset
    assert uids(batches) == [1, 2]


def test_the_audit_gets_every_uid_with_date_and_size(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2, 500)])
    listing = account.uids("inbox")
    assert list(listing.mails) == [1, 2]
    assert [lying.size for lying in listing.mails.values()] == [len(mail(1)), len(mail(2, 500))]
    assert all(lying.arrived for lying in listing.mails.values())
    assert uids(list(account.fetch_uids("INBOX", [2, 77]))) == [2]


def test_windows_find_every_mail_of_a_large_and_sparse_folder(
    dovecot: Dovecot, user: str, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(60)])
    with dovecot.client(user) as client:
        client.select("INBOX")
        client.uid("STORE", "6:38,41:59", "+FLAGS", "(\\Deleted)")
        client.expunge()
    monkeypatch.setattr("connectors.imap.session._WINDOW", 5)
    assert list(account.uids("INBOX").mails) == [1, 2, 3, 4, 5, 39, 40, 60]


def test_folders_have_roles_and_readable_names(dovecot: Dovecot, user: str, account: Account) -> None:
    with dovecot.client(user) as client:
        for name in ("Gesendet", "Junk", "Trash", "Drafts", "Archiv", '"Kunden & Co"', "Entw&APw-rfe", "B&APw-ro"):
            client.create(name.replace("& ", "&- "))
    report = account.check()
    roles = {folder.name: folder.role for folder in report.folders}
    assert roles["INBOX"] is FolderRole.INBOX
    assert roles["Gesendet"] is FolderRole.SENT
    assert roles["Archiv"] is FolderRole.ARCHIVE
    assert roles["Entwürfe"] is FolderRole.DRAFTS
    assert roles["Büro"] is FolderRole.OTHER
    assert report.announces == "idle+noop"
    assert Account(replace(account.mailbox, own_server=False), dovecot.password).check().announces == "idle"
    assert "QRESYNC" in report.capabilities
    assert [folder.name for folder in account.watched()] == ["INBOX", "Gesendet", "Archiv", "Büro", "Kunden & Co"]
    assert report.folders[0].uidvalidity > 0


def test_only_the_folders_asked_for_are_watched_and_a_missing_one_is_named(
    dovecot: Dovecot, user: str, account: Account
) -> None:
    dovecot.append(user, "Büro".replace("ü", "&APw-"), mail(1))
    some = Account(replace(account.mailbox, folders=("Büro", "inbox")), dovecot.password)
    assert [folder.name for folder in some.watched()] == ["INBOX", "Büro"]
    assert uids(fetched(some, "Büro")) == [1]
    wrong = Account(replace(account.mailbox, folders=("INBOX", "Bureau")), dovecot.password)
    with pytest.raises(FolderMissing, match="Bureau"):
        wrong.watched()
    with pytest.raises(FolderMissing, match="Bureau"):
        wrong.check()
    with pytest.raises(FolderMissing, match="Bureau"):
        fetched(account, "Bureau")


def test_a_mail_that_goes_while_it_is_being_read_is_passed_over(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(6)])
    account = Account(account.mailbox, dovecot.password, Limits(batch_mails=2))
    seen: list[Fetched] = []
    for batch in account.fetch("INBOX", None, stop=threading.Event()):
        seen.append(batch)
        if uids([batch]) == [1, 2]:
            with dovecot.client(user) as client:
                client.select("INBOX")
                client.uid("STORE", "4:5", "+FLAGS", "(\\Deleted)")
                client.expunge()
    assert uids(seen) == [1, 2, 3, 6]
    assert not any(batch.refused for batch in seen)


def test_no_more_than_three_connections_at_a_time(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.imap.slots._PATIENCE", 0.05)
    with account.session(), account.session(), account.session(spare=True):
        with pytest.raises(DeadlinePassed):
            account.folders()
        with pytest.raises(DeadlinePassed), account.session(spare=True):
            pass
    assert account.folders()


def test_bodies_are_not_formatted_for_a_log(account: Account) -> None:
    """The debug level 5 that imapclient sets costs four times the fetching itself."""
    with account.session() as session:
        assert isinstance(session, Session)
        assert session._client._imap.debug == 0
        assert session._wire.debug == 0
