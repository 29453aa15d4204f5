"""Mail that Kingpost sends itself: with its cause or not at all, once, and what failed or is uncertain is shown."""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.outbox import LONGEST, Outbox, post
from assistant.settings import FirmSettings, OutgoingSettings, PoolSettings, Settings
from rules.terms.errors import Forbidden, NotFound, PasswordMissing, SendingDeferred, WrongUse
from rules.terms.outgoing import OutgoingKind, OutgoingMail, OutgoingState
from rules.terms.staff import Role, Viewer
from storage.pool import Pool
from tests.servers.mail_out import BREAK, PASSWORD, USER, MailOut, running

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LENA = Viewer("lena", Role.LEAD, "de", frozenset())
ANNA = Viewer("anna", Role.STAFF, "de", frozenset())


@dataclass
class Office:
    """A pool with an account at a real server, and a clock."""

    pool: Pool
    server: MailOut
    settings: Settings
    now: datetime = NOW
    count: int = 0
    told: list[frozenset[int]] = field(default_factory=list)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.pool, self.settings, self.told.append, lambda: self.now)

    def put(self, once: str = "", **more: str) -> OutgoingMail | None:
        self.count += 1
        with self.pool.begin() as work:
            return post(
                work,
                self.settings.outgoing,
                OutgoingKind.ACKNOWLEDGEMENT,
                once=once or str(self.count),
                recipient="karin@hansen.example",
                subject="Danke für Ihre Nachricht:\r\nBcc: x@y.example",
                text="Guten Tag Frau Größe,\n\nvielen Dank.",
                now=self.now,
                **more,  # type: ignore[arg-type]
            )

    def runs(self, **later: float) -> "Office":
        self.now += timedelta(**later)
        self.outbox.run(threading.Event())
        return self

    def mails(self) -> list[OutgoingMail]:
        with self.pool.read() as work:
            return work.outbox.page()[::-1]

    def states(self) -> list[str]:
        return [mail.state.value for mail in self.mails()]


def settings_of(folder: Path, server: MailOut, **other: object) -> Settings:
    values = {"host": "localhost", "port": server.port, "user": USER, "sender": "info@firma.example"}
    values |= {"ca_file": str(server.folder / "ca.pem"), **other}
    return Settings(
        firm=FirmSettings(name="Firma GmbH", domains=("firma.example",)),
        pool=PoolSettings(key_file=str(folder / "key")),
        outgoing=OutgoingSettings(**values),
        home=folder,
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.db", str(tmp_path / "blobs"))
    with running(tmp_path / "out") as server:
        made = Office(pool, server, settings_of(tmp_path, server))
        made.outbox.set_password(PASSWORD)
        yield made
    pool.close()


def test_a_mail_goes_out_once_with_headers_that_ask_for_no_answer(office: Office) -> None:
    put = office.put(in_reply_to="a@hansen.example")
    assert put is not None
    office.runs().runs(minutes=5)
    assert office.states() == ["sent"]
    (mail,) = office.server.taken
    assert office.server.envelopes == [("info@firma.example", ["karin@hansen.example"])]
    assert {
        name: mail[name] for name in ("From", "To", "Auto-Submitted", "Precedence", "X-Auto-Response-Suppress")
    } == {
        "From": "Firma GmbH <info@firma.example>",
        "To": "karin@hansen.example",
        "Auto-Submitted": "auto-replied",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
    }
    assert mail["Message-ID"] == f"<{put.message_id}>"
    assert mail["In-Reply-To"] == mail["References"] == "<a@hansen.example>"
    assert mail["Subject"] == "Danke für Ihre Nachricht: Bcc: x@y.example"
    assert mail["Bcc"] is None
    assert mail.get_content().splitlines() == ["Guten Tag Frau Größe,", "", "vielen Dank."]
    assert office.mails()[0].text == ""


def test_the_same_is_not_taken_twice_whatever_became_of_it(office: Office) -> None:
    assert office.put("k") is not None
    assert office.put("k") is None
    office.runs()
    assert office.put("k") is None
    assert len(office.server.taken) == 1


def test_without_its_cause_no_mail_waits(office: Office) -> None:
    def taken_back() -> None:
        with office.pool.begin() as work:
            of = {"recipient": "a@b.example", "subject": "s", "text": "t", "now": NOW}
            post(work, office.settings.outgoing, OutgoingKind.ALARM, once="x", **of)  # type: ignore[arg-type]
            raise WrongUse(problem="the cause is taken back")

    with pytest.raises(WrongUse):
        taken_back()
    assert office.mails() == []


def test_what_is_not_taken_now_is_tried_again_and_given_up_after_a_day(office: Office) -> None:
    office.server.on_rcpt = lambda _: "451 4.7.1 greylisted"
    office.put()
    office.runs()
    (mail,) = office.mails()
    assert (mail.state, mail.tries, mail.due) == (OutgoingState.PENDING, 1, NOW + timedelta(minutes=1))
    assert "greylisted" in mail.error_de
    office.runs(seconds=30)
    assert office.mails()[0].tries == 1
    for _ in range(60):
        office.runs(minutes=30)
    (mail,) = office.mails()
    assert mail.state is OutgoingState.FAILED
    assert mail.since is not None
    assert timedelta(days=1) <= mail.since - NOW <= timedelta(days=1, hours=1)
    assert office.server.taken == []


def test_a_greylisted_mail_arrives_in_the_end(office: Office) -> None:
    office.server.on_rcpt = lambda _: "451 4.7.1 greylisted"
    office.put()
    office.runs()
    office.server.on_rcpt = lambda _: "250 OK"
    office.runs(minutes=2)
    assert office.states() == ["sent"]
    assert len(office.server.taken) == 1


def test_what_is_refused_is_not_tried_again_and_does_not_hold_up_the_others(office: Office) -> None:
    office.server.on_rcpt = lambda address: "550 5.1.1 nobody" if not office.server.taken else "250 OK"
    office.server.on_data = lambda mail: "250 OK"
    first = office.put()
    office.runs()
    assert first is not None
    assert office.states() == ["failed"]
    office.server.on_rcpt = lambda _: "250 OK"
    office.put()
    office.runs(minutes=5)
    assert office.states() == ["failed", "sent"]


def test_when_the_line_breaks_after_the_content_it_is_uncertain_and_stays_so(office: Office) -> None:
    office.server.on_data = lambda _: BREAK
    office.put()
    office.runs()
    office.server.on_data = lambda _: "250 OK"
    for _ in range(3):
        office.runs(hours=12)
    assert office.states() == ["uncertain"]
    assert len(office.server.taken) == 1


def test_a_wrong_password_or_a_server_that_is_away_leaves_everything_waiting(office: Office, tmp_path: Path) -> None:
    office.outbox.set_password("falsch")
    office.put()
    office.put()
    office.runs()
    assert office.states() == ["pending", "pending"]
    assert "login of info refused" in office.mails()[0].error_en
    with pytest.raises(SendingDeferred):
        office.outbox.check()
    office.outbox.set_password(PASSWORD)
    office.runs(minutes=2)
    assert office.states() == ["sent", "sent"]
    office.outbox.check()


def test_without_an_account_nothing_is_sent_and_it_is_said_why(office: Office, tmp_path: Path) -> None:
    office.settings = Settings(home=tmp_path)
    with pytest.raises(WrongUse):
        office.outbox.check()
    office.put()
    office.runs()
    assert office.states() == ["pending"]
    assert "[outgoing]" in office.mails()[0].error_en


def test_the_password_comes_from_where_the_settings_say(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.settings = settings_of(tmp_path, office.server, password_env="KINGPOST_TEST_PASSWORD")
    with pytest.raises(PasswordMissing):
        office.outbox.check()
    monkeypatch.setenv("KINGPOST_TEST_PASSWORD", PASSWORD)
    office.outbox.check()
    (tmp_path / "pw").write_text(PASSWORD + "\n")
    office.settings = settings_of(tmp_path, office.server, password_file="pw")
    office.outbox.check()


def test_a_lead_sends_again_or_leaves_it_and_nobody_else(office: Office) -> None:
    office.server.on_data = lambda _: BREAK
    mail = office.put()
    assert mail is not None
    office.runs()
    for act in (office.outbox.again, office.outbox.cancel):
        with pytest.raises(Forbidden):
            act(ANNA, mail.id)
    office.server.on_data = lambda _: "250 OK"
    office.outbox.again(LENA, mail.id)
    office.runs()
    assert office.states() == ["sent"]
    for act in (office.outbox.again, office.outbox.cancel):
        with pytest.raises(NotFound):
            act(LENA, mail.id)
    other = office.put()
    assert other is not None
    office.outbox.cancel(LENA, other.id)
    office.runs(minutes=1)
    assert office.states() == ["sent", "cancelled"]


def _die_after_sending(folder: Path, server: MailOut) -> None:
    """A service whose power fails between the server's 250 and its own commit."""
    from storage.outbox import Outbox as Table

    pool = Pool.open(f"sqlite:///{folder}/pool.db", str(folder / "blobs"))

    def die(*_: object, **__: object) -> None:
        os._exit(9)

    Table.settle = die  # type: ignore[method-assign]
    Outbox(pool, settings_of(folder, server), clock=lambda: NOW).run(threading.Event())


def test_a_crash_between_sending_and_noting_it_sends_nothing_twice(office: Office, tmp_path: Path) -> None:
    office.put()
    # The server's threads must not come along: the process is made afresh.
    plain = MailOut(office.server.folder, office.server.port)
    process = multiprocessing.get_context("spawn").Process(target=_die_after_sending, args=(tmp_path, _bare(plain)))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert len(office.server.taken) == 1
    assert office.states() == ["sending"]
    office.runs(minutes=1)
    assert office.states() == ["sending"]  # somebody may still be at it
    office.runs(seconds=LONGEST.total_seconds())
    assert office.states() == ["uncertain"]
    office.runs(days=2)
    assert (office.states(), len(office.server.taken)) == (["uncertain"], 1)


def _bare(server: MailOut) -> MailOut:
    """What travels to another process."""
    server.on_rcpt = server.on_data = _fine
    return server


def _fine(_: EmailMessage | str) -> str:
    return "250 OK"


def test_two_at_once_send_a_mail_once(office: Office) -> None:
    for _ in range(5):
        office.put()
    runs = [threading.Thread(target=office.outbox.run, args=(threading.Event(),)) for _ in range(3)]
    for one in runs:
        one.start()
    for one in runs:
        one.join(60)
    office.runs(minutes=1)
    assert office.states() == ["sent"] * 5
    assert len({mail["Message-ID"] for mail in office.server.taken}) == len(office.server.taken) == 5
