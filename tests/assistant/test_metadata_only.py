"""A mailbox of which only metadata is kept: that there was contact, and not a word of what was said."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.intake import Intake
from assistant.triage import Triage
from rules.terms.finding import Action
from rules.terms.mail import Mailbox
from storage.pool import Pool
from tests.assistant import test_intake
from tests.assistant.test_intake import FIRM, NOW, POISON, HereReader, batch, mail, raw

pool = test_intake.pool
intake = test_intake.intake
told = test_intake.told
SECRET = "Unterlagen zur Kündigung"
FILE = 'MIME-Version: 1.0\r\nContent-Type: text/plain; name="kuendigung.txt"\r\n'


@pytest.fixture(autouse=True)
def quiet(pool: Pool) -> None:
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("still", metadata_only=True))


def secret(name: str = "Kuendigung", **more: str) -> bytes:
    return mail(name, more=FILE, text=SECRET, **more)


def everything(folder: Path) -> Iterator[bytes]:
    return (file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_contact_is_filed_and_not_a_word_is_stored(pool: Pool, intake: Intake, tmp_path: Path) -> None:
    received = intake.receive(batch(raw(secret(), 1, "still")))
    with pool.read() as work:
        (stored,) = work.messages.get_many(received.new).values()
        (entry,) = work.interactions.timeline("C1")
        raw_bytes = pool.blobs.get(stored.raw_digest)
    assert (stored.match.action, stored.match.customer_id) == (Action.ATTACH, "C1")
    assert stored.message.metadata_only
    assert (stored.message.subject, stored.message.text, stored.message.attachments) == ("", "", ())
    assert (entry.subject, entry.text) == ("", "")
    assert b"uendigung" not in raw_bytes.replace(b"<Kuendigung@hansen.example>", b"")
    assert not [content for content in everything(tmp_path) if b"Unterlagen" in content or b"kuendigung.txt" in content]


def test_it_is_known_again(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(secret(), 1, "still")))
    again = intake.receive(batch(raw(secret(), 1, "still"), raw(secret(), 2, "still")))
    assert (again.new, again.known) == ((), 2)


@pytest.mark.parametrize("first", ["still", "office"])
def test_of_a_mail_that_lies_elsewhere_too_the_whole_stays_and_stands_once(
    pool: Pool, intake: Intake, first: str
) -> None:
    other = {"still": "office", "office": "still"}[first]
    one, two = (intake.receive(batch(raw(secret(), 1, box))) for box in (first, other))
    with pool.read() as work:
        (stored,) = work.messages.by_message_id("Kuendigung@hansen.example")
        entries = work.interactions.timeline("C1")
        out = work.erasures.copies("still", "INBOX", 7)
    assert [entry.subject for entry in entries] == ["Kuendigung"]
    # Whoever reads the mailbox of metadata sees no more than before.
    assert {place.mailbox for place in stored.placements} == {"office"}
    assert (len(one.new) + len(two.new), out) == ((2, {1}) if first == "still" else (1, {1}))
    assert intake.receive(batch(raw(secret(), 1, "still"))).new == ()


def test_a_mail_that_only_bears_the_same_number_takes_nothing_away(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(raw(secret(), 1, "still")))
    intake.receive(batch(raw(secret(sender="mallory@fremd.example"), 1)))
    with pool.read() as work:
        assert len(work.messages.by_message_id("Kuendigung@hansen.example")) == 2


def test_quarantine_holds_no_more(pool: Pool, intake: Intake) -> None:
    # What poisons the reader stands in the text here, and is gone before it is read.
    assert intake.receive(batch(raw(mail("Gift", text=POISON.decode()), 1, "still"))).quarantined == 0
    assert intake.receive(batch(raw(mail("zwei", sender="poison@x.example", text=SECRET), 2, "still"))).quarantined == 1
    with pool.read() as work:
        (waiting,) = work.quarantine.all()
    assert SECRET.encode() not in pool.blobs.get(waiting.raw_digest)


def test_what_was_kept_whole_before_is_no_longer_when_it_is_read_again(pool: Pool) -> None:
    poisoned = mail("Gift", text=f"{SECRET} {POISON.decode()}")
    Intake(pool, HereReader(), Triage(FIRM), clock=lambda: NOW).receive(batch(raw(poisoned, 1)))  # type: ignore[arg-type]
    with pool.begin() as work:
        (waiting,) = work.quarantine.all()
        work.mailboxes.put(Mailbox("office", metadata_only=True))
    assert Intake(pool, HereReader(), Triage(FIRM), clock=lambda: NOW).retry(waiting.id)  # type: ignore[arg-type]
    with pool.read() as work:
        (stored,) = work.messages.by_message_id("Gift@hansen.example")
    assert stored.message.metadata_only
