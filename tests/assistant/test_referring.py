"""Who brought whom by mail, file and hand, and what our sent mails promise: from the mail to what is shown."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.importing import import_file
from assistant.intake import Batch, Intake
from assistant.lookup import Lookup
from assistant.privacy import Privacy
from assistant.settings import Settings
from assistant.triage import Triage
from rules.terms.errors import WrongUse
from rules.terms.mail import FolderRole, Placement, RawMail
from rules.terms.staff import Viewer
from tests.assistant.keeping import ANNA, FIRM, NOW, STRANGER, HereReader, Office

HUBER = "Holz Huber <info@huber.example>"


def brought(office: Office, customer: str) -> list[tuple[str, str]]:
    with office.pool.read() as work:
        return [(one.referrer, one.source) for one in work.referrals.of(customer)]


def test_a_mail_that_names_who_recommended_us_proposes_it_and_staff_decide(office: Office) -> None:
    office.receive(HUBER, "Guten Tag,\n\nFrau Karin Hansen hat Sie uns empfohlen.\n\nGrüße\nHuber")
    with office.pool.read() as work:
        [found] = work.proposals.of_customer("C2", frozenset({"office"}))
    assert (found.kind, dict(found.fields)) == ("referral", {"referred_by": "C1"})
    assert found.quote == "Frau Karin Hansen hat Sie uns empfohlen."
    assert brought(office, "C2") == []
    office.upkeep.repairs.accept(ANNA, found.id)
    assert brought(office, "C2") == [("C1", "mail")]
    office.receive(HUBER, "Wie gesagt: Frau Karin Hansen hat Sie uns empfohlen.")
    with office.pool.read() as work:
        assert work.proposals.of_customer("C2", frozenset({"office"})) == []
    office.upkeep.repairs.undo(ANNA, found.id)
    assert brought(office, "C2") == []


@pytest.mark.parametrize(
    "text",
    [
        "Herr Niemand hat Sie uns empfohlen.",
        "Die Firma Holz Huber hat Sie uns empfohlen.",
        "Wir haben Sie Frau Karin Hansen empfohlen.",
    ],
)
def test_strangers_and_the_writers_themselves_are_not_proposed(office: Office, text: str) -> None:
    office.receive(HUBER, text)
    with office.pool.read() as work:
        assert work.proposals.of_customer("C2", frozenset({"office"})) == []


def test_a_table_says_who_brought_whom_and_again_changes_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(
        "customer_id;customer_no;name;Empfohlen von\nK1;10;Adler;K2\nK2;11;Bussard;C1\nK3;12;Dohle;11\n"
        "K4;13;Elster;K4\nK5;14;Falke;gibt es nicht\n",
        encoding="utf-8",
    )
    for _ in range(2):
        report = import_file(office.pool, FIRM, ZoneInfo("Europe/Berlin"), "customers", file)
        assert [problem.line for problem in report.problems] == [5, 6]
        assert {one: brought(office, one) for one in ("K1", "K2", "K3", "K4", "K5")} == {
            "K1": [("K2", "import")],
            "K2": [("C1", "import")],
            "K3": [("K2", "import")],
            "K4": [],
            "K5": [],
        }
    with pytest.raises(WrongUse):
        office.upkeep.referring.add(ANNA, "C1", "K1", date(2026, 11, 22))


def sent(office: Office, text: str, role: FolderRole = FolderRole.SENT, to: str = "karin@hansen.example") -> int:
    """A mail of ours lies in a folder; its number."""
    uid = next(office.uids)
    raw = (
        f"From: Anna <anna@muster.example>\r\nTo: {to}\r\nSubject: Ihre Anfrage\r\n"
        "Date: Sun, 22 Nov 2026 09:00:00 +0100\r\n"
        f"Message-ID: <{uid}@muster.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
    intake = Intake(office.pool, HereReader(), Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]
    mail = RawMail(raw, Placement("office", role.value, 7, uid), NOW)
    [no] = intake.receive(Batch("office", role.value, role, (mail,))).new
    return no


def promises(office: Office, viewer: Viewer, customer: str) -> list[str]:
    summary = Lookup(office.pool, ZoneInfo("Europe/Berlin")).of_customer(viewer, customer, NOW)
    return [one.text for one in summary.promises]


def test_what_our_sent_mail_promises_stands_in_the_summary_of_those_who_may_read_it(office: Office) -> None:
    no = sent(office, "Guten Tag Frau Hansen,\n\nwir schicken Ihnen das Angebot bis Freitag.\n\nGrüße\nAnna")
    [said] = promises(office, ANNA, "C1")
    assert said == "bis 27.11.2026: „wir schicken Ihnen das Angebot bis Freitag.“"
    assert promises(office, STRANGER, "C1") == []
    office.upkeep.filing.file(ANNA, [no], "C2")
    assert (promises(office, ANNA, "C1"), promises(office, ANNA, "C2")) == ([], [said])


def test_only_what_lies_in_our_sent_folder_and_is_still_to_come_counts(office: Office) -> None:
    sent(office, "Wir schicken Ihnen das Angebot bis Freitag.", FolderRole.INBOX)
    sent(office, "Wir haben die Ware gestern geschickt.")
    sent(office, "Bis zum 1.11.2026 liefern wir die Teile.")
    office.receive("Karin Hansen <karin@hansen.example>", "Ich schicke Ihnen die Zeichnung bis Freitag.")
    assert promises(office, ANNA, "C1") == []


def test_promises_and_referrals_go_with_whom_they_are_about(office: Office, tmp_path: Path) -> None:
    sent(office, "Wir schicken Ihnen das Angebot bis Freitag.")
    office.upkeep.referring.add(ANNA, "C2", "C1", date(2026, 11, 22))
    number = office.upkeep.book.merge(ANNA, "C2", "C1")
    assert len(promises(office, ANNA, "C2")) == 1
    office.upkeep.book.split(ANNA, number)
    assert (len(promises(office, ANNA, "C1")), len(promises(office, ANNA, "C2"))) == (1, 0)
    privacy = Privacy.over(Settings(home=tmp_path), office.pool)
    privacy.erase(privacy.find("C1"))
    assert brought(office, "C2") == []
    with office.pool.read() as work:
        assert work.promises.open_of("C1", None, date(2026, 1, 1)) == []


def test_an_export_holds_them(office: Office, tmp_path: Path) -> None:
    from storage.exporting import SECTIONS, Subject

    sent(office, "Wir schicken Ihnen das Angebot bis Freitag.")
    office.upkeep.referring.add(ANNA, "C2", "C1", date(2026, 11, 22))
    of = {section.name: section for section in SECTIONS}
    with office.pool.read() as work:
        subject = Subject(frozenset({"C1"}))
        [promise] = work.exporting.rows(of["promises"], subject, [])
        [referral] = work.exporting.rows(of["referrals"], subject, [])
    assert (promise["due"], promise["quote"]) == ("2026-11-27", "Wir schicken Ihnen das Angebot bis Freitag.")
    assert (referral["customer_id"], referral["referrer"]) == ("C2", "C1")
