"""Mail from files: whatever the name, whatever the shape."""

import io
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files import mails
from rules.terms.errors import FileUnreadable, KingpostError, MailTooLarge
from rules.terms.mail import Placement, RawMail

ONE = b"From: a@b.example\r\nSubject: one\r\n\r\ntext\r\n"
TWO = b"Subject: two\n\nFrom here on it goes\nlast line\n"
FROM = b"From a@b.example Mon Jan  5 10:00:00 2026\n"


def raws(*paths: Path | str, **options: int) -> list[bytes]:
    found = [mail for _, mail in mails(map(Path, paths), **options)]  # type: ignore[arg-type]
    assert all(isinstance(mail, RawMail) for mail in found)
    return [mail.raw for mail in found if isinstance(mail, RawMail)]


def test_a_single_mail_of_any_name_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_bytes(ONE)
    assert list(mails([path])) == [(str(path), RawMail(ONE, Placement("files", "files")))]
    ((_, sent),) = mails([path], folder="sent")
    assert isinstance(sent, RawMail)
    assert sent.placement == Placement("files", "sent")


def test_one_mail_behind_a_from_line_is_one_mail(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"From somebody\n" + TWO)
    ((label, mail),) = mails([path])
    assert (label, isinstance(mail, RawMail) and mail.raw) == (str(path), TWO)


def test_an_mbox_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "box.eml"
    path.write_bytes(
        FROM
        + ONE
        + b"\r\n"
        + FROM
        + TWO
        + b"\n"
        + FROM
        + b"Subject: three\n\n>From the start\n>>From twice\n> From\n\n"
    )
    assert [label for label, _ in mails([path])] == [f"{path}#1", f"{path}#2", f"{path}#3"]
    assert raws(path) == [ONE, TWO, b"Subject: three\n\nFrom the start\n>From twice\n> From\n"]


def test_prose_and_pasted_dates_part_nothing(tmp_path: Path) -> None:
    path = tmp_path / "box"
    text = b"Subject: x\n\n\nFrom 10:00 to 11:00 in 2026 we are closed\nso come later\n\nFrom here: nothing\nNote: x\n"
    path.write_bytes(FROM + text + b"\n" + FROM + TWO)
    assert raws(path) == [text, TWO]


def test_a_missing_empty_line_loses_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(FROM + ONE + FROM.replace(b"\n", b"\r\n") + TWO)
    assert raws(path) == [ONE, TWO]


def test_a_maildir_with_its_folders(tmp_path: Path) -> None:
    for folder in (".", ".Sent", ".Sent.2025"):
        for part in ("cur", "new", "tmp"):
            (tmp_path / folder / part).mkdir(parents=True)
    (tmp_path / "dovecot-uidlist").write_bytes(b"3 V1\n")
    (tmp_path / "tmp" / "1700000000.half").write_bytes(b"Subject: half")
    (tmp_path / "cur" / "1700000001.M1.host:2,FRS").write_bytes(ONE)
    (tmp_path / "new" / "1700000002.M2.host").write_bytes(TWO)
    (tmp_path / ".Sent.2025" / "cur" / "x:2,S").write_bytes(ONE)
    first, second, third = [mail for _, mail in mails([tmp_path])]
    assert first == RawMail(
        ONE,
        Placement("files", "files", flags=frozenset({"\\Flagged", "\\Answered"})),
        datetime.fromtimestamp(1700000001, UTC),
    )
    assert isinstance(second, RawMail)
    assert isinstance(third, RawMail)
    assert second.raw == TWO
    assert third.placement.flags == frozenset()
    assert third.arrived is None


def test_folders_of_files_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.eml", "a.eml", "sub/c", ".hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"Subject: " + name.encode() + b"\n\n")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert [Path(label).name for label, _ in mails([tmp_path])] == ["a.eml", "b.eml", "c"]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a-empty").write_bytes(b"")
    (tmp_path / "b-dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c-good").write_bytes(ONE)
    found = list(mails([tmp_path / "missing", tmp_path, Path("/dev/zero")]))
    assert [isinstance(mail, KingpostError) for _, mail in found] == [True, True, True, False, True]
    assert isinstance(found[0][1], FileUnreadable)
    assert "No such file" in str(found[0][1])


def test_sizes_are_bounded(tmp_path: Path) -> None:
    single, box = tmp_path / "single", tmp_path / "box"
    single.write_bytes(b"Subject: large\n\n" + b"x" * (3 << 20))
    assert isinstance(next(mails([single], largest=2 << 20))[1], MailTooLarge)
    box.write_bytes(FROM + ONE + FROM + b"Subject: large\n\n" + b"x" * (3 << 20) + b"\n" + FROM + TWO)
    kinds = [type(mail) for _, mail in mails([box], largest=2 << 20)]
    assert kinds == [RawMail, MailTooLarge, RawMail]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FROM + TWO)))
    assert raws("-") == [TWO]


@given(
    st.lists(
        st.lists(
            st.sampled_from([b"text", b"From me", b">From you", FROM.strip(), b">>From x", b"", b"Subject: y"]),
            max_size=6,
        ),
        min_size=2,
        max_size=5,
    )
)
def test_a_quoted_mbox_gives_back_what_went_in(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[list[bytes]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.mbox"
    whole = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in lines) for lines in bodies]
    with path.open("wb") as box:
        for mail in whole:
            box.write(FROM)
            for line in mail.splitlines(keepends=True):
                box.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
            box.write(b"\n")
    assert raws(path) == whole


def test_a_hostile_mbox_costs_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(FROM + b"a: b\n" + (b"From " + b"1:11 " * 2000 + b"\n") * 500 + b"From " + b"x" * 5_000_000)
    before = time.process_time()
    assert len(raws(path)) == 1
    assert time.process_time() - before < 2
