"""Folder names, their roles, and which folders are watched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.imap import folders
from connectors.imap.answers import Listed
from rules.terms.mail import FolderRole, Mailbox

READABLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


def listed(*names: str, delimiter: str = "/") -> list[Listed]:
    return [Listed(frozenset(), delimiter, folders.encoded(name)) for name in names]


@given(READABLE)
def test_every_readable_name_comes_back(name: str) -> None:
    assert folders.decoded(folders.encoded(name)) == name


@pytest.mark.parametrize("raw", [b"&", b"&&", b"A&B", b"&AAA-", b"&2D0-", b"&AAAA-", b"&????-", b"\xff\xfe", b"&ANw"])
def test_names_that_are_no_utf7_stay_as_they_are(raw: bytes) -> None:
    assert folders.decoded(raw) == raw.decode("latin-1")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("INBOX/Sent", FolderRole.SENT),
        ("[Gmail]/Gesendet", FolderRole.SENT),
        ("Gesendete Objekte", FolderRole.SENT),
        ("Papierkorb", FolderRole.TRASH),
        ("Entwürfe", FolderRole.DRAFTS),
        ("Junk-E-Mail", FolderRole.JUNK),
        ("Archiv", FolderRole.ARCHIVE),
        ("Projekte/Entwürfe", FolderRole.OTHER),
        ("Projekte/alt/Sent", FolderRole.OTHER),
    ],
)
def test_names_tell_the_role_where_the_server_does_not(name: str, role: FolderRole) -> None:
    (folder,) = [one for one in folders.infos(listed(name), None) if one.name != "INBOX"]
    assert folder.role is role


def test_the_servers_word_counts_more_than_the_name_and_the_settings_more_than_both() -> None:
    entries = [
        Listed(frozenset({"\\sent"}), "/", b"Raus"),
        Listed(frozenset({"\\junk"}), "/", b"Archiv"),
        Listed(frozenset({"\\noselect"}), "/", b"Nichts"),
        Listed(frozenset({"\\flagged"}), "/", b"Markiert"),
    ]
    roles = {one.name: one.role for one in folders.infos(entries, None)}
    assert roles == {
        "INBOX": FolderRole.INBOX,
        "Raus": FolderRole.SENT,
        "Archiv": FolderRole.JUNK,
        "Markiert": FolderRole.OTHER,
    }
    chosen, _ = folders.watched(folders.infos(entries, None), Mailbox("info"))
    assert [one.name for one in chosen] == ["INBOX", "Raus"]
    configured = {one.name: one.role for one in folders.infos(entries, "Markiert")}
    assert configured["Markiert"] is FolderRole.SENT


def test_names_that_read_alike_stay_apart() -> None:
    entries = [Listed(frozenset(), "/", b"B&APw-ro"), Listed(frozenset(), "/", "Büro".encode())]
    assert len({one.name for one in folders.infos(entries, None)}) == 3


def test_the_configured_sent_folder_is_watched_besides_the_listed_ones_and_missing_ones_are_named() -> None:
    mailbox = Mailbox("info", folders=("inbox", "Weg"), sent="Raus")
    chosen, missing = folders.watched(folders.infos(listed("Raus", "Anderes"), mailbox.sent), mailbox)
    assert [one.name for one in chosen] == ["INBOX", "Raus"]
    assert missing == ["Weg"]


@pytest.mark.parametrize("delimiter", ["/", "."])
def test_an_excluded_folder_is_left_out_with_all_that_lies_in_it(delimiter: str) -> None:
    names = ["INBOX", "Betriebsrat", f"Betriebsrat{delimiter}2024", "Betriebsratswahl", "Gesendet"]
    infos = folders.infos(listed(*names, delimiter=delimiter), None)
    for mailbox in (
        Mailbox("m", excluded=("Betriebsrat",)),
        Mailbox("m", excluded=("Betriebsrat",), folders=tuple(names)),
        Mailbox("m", excluded=("Betriebsrat",), sent="Betriebsrat"),
    ):
        watched, missing = folders.watched(infos, mailbox)
        assert {one.name for one in watched} == {"INBOX", "Betriebsratswahl", "Gesendet"}
        assert not missing


@pytest.mark.parametrize(
    ("mailbox", "read"),
    [
        (Mailbox("m"), {"INBOX", "Projekte"}),
        (Mailbox("m", confidential=True), {"INBOX", "Projekte", "INBOX/Betriebsrat", "Personal"}),
        (Mailbox("m", confidential=True, excluded=("Personal",)), {"INBOX", "Projekte", "INBOX/Betriebsrat"}),
        (Mailbox("m", folders=("INBOX", "Personal")), {"INBOX", "Personal"}),
    ],
)
def test_folders_that_belong_to_few_are_read_only_where_somebody_says_so(mailbox: Mailbox, read: set[str]) -> None:
    infos = folders.infos(listed("INBOX", "Projekte", "INBOX/Betriebsrat", "Personal"), None)
    watched, missing = folders.watched(infos, mailbox)
    assert {one.name for one in watched} == read
    assert not missing
