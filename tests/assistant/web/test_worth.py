"""What a customer is worth, on the pages: what is shown to whom, and what the forms do."""

import csv
import io
from datetime import UTC, date, datetime

from assistant.settings import ValueSettings
from assistant.valuing import refresh
from rules.terms.customer import Customer
from tests.assistant.web import sample
from tests.assistant.web.sampled import firm, own_firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["firm", "own_firm"]


def table(visitor: Visitor, name: str) -> list[list[str]]:
    """A list as the file that is downloaded."""
    answer = visitor.client.get(f"/lists/{name}/file")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_record_shows_money_value_particulars_and_papers(firm: sample.Sample) -> None:
    page = Visitor(firm).get("/customers/C5")
    for words in (
        "Offen 890 €, alles überfällig",
        "Deliveries by tail lift only",
        "A · Kö",
        "N-R2",
        "Umsatz nach Monaten",
    ):
        assert words in page, words
    assert "Bestellt etwa alle 5 Wochen" in page
    assert "<svg" in page


def test_who_may_not_see_money_sees_none_anywhere(firm: sample.Sample) -> None:
    ben = Visitor(firm, "ben", "en")
    page = ben.get("/customers/C5")
    assert "Deliveries by tail lift only" in page
    assert "€" not in page
    assert "of it overdue" not in page
    assert "€" not in ben.get("/lists/kings")
    ben.get("/reports/value", status=403)
    assert all(row[6:8] == ["", ""] for row in table(ben, "kings")[1:])


def test_of_a_forged_sender_nothing_of_it_is_told(own_firm: sample.Sample) -> None:
    """Neither where the sender is in doubt, nor where somebody filed such a mail by hand."""
    anna, no = Visitor(own_firm), own_firm.mails["forged"]
    for _ in range(2):
        answer = anna.client.get(f"/sidebar?message={no}").text
        assert "tail lift" not in answer
        summary = anna.client.post(
            "/api/v1/summary",
            json={"message_id": message_id(own_firm, no)},
            headers={"accept": "application/json", "x-csrf-token": anna.csrf},
        ).json()
        assert summary["particulars"] == []
        assert [summary[name] for name in ("money", "value", "next_action")] == [None] * 3
        assert summary["withheld"] == ["money", "particulars"]
        anna.post(f"/messages/{no}/match", customer="C5")
    assert summary["customer"]["id"] == "C5"


def test_revenue_that_only_the_customer_table_tells_is_shown_as_such(own_firm: sample.Sample) -> None:
    """No order is in the firm's currency here: one figure everywhere, no year before, nobody has moved."""
    services = own_firm.services
    with services.pool.begin() as work:
        work.customers.upsert([Customer("K1", "Kranz Metall GmbH", revenue_12m=161_156.7)], [])
    own = ValueSettings(currency="CHF")
    refresh(services.pool, services.settings.model_copy(update={"value": own}), datetime.now(UTC))
    anna = Visitor(own_firm)
    report = anna.get("/reports/value")
    assert "laut Kundenliste" in report
    assert report.count("161.157 CHF") >= 2
    for words in ("Jahr davor", "Auf- und Absteiger", "0 CHF</dd>"):
        assert words not in report, words
    kings = anna.get("/lists/kings")
    for words in ("Umsatz 12 Monate (laut Kundenliste)", "161.157 €", "80\u202f% des Umsatzes"):
        assert words in kings, words
    (row,) = [row for row in table(anna, "kings")[1:] if row[0] == "K1"]
    assert row[6:8] == ["161156.7", ""]


def message_id(firm: sample.Sample, no: int) -> str | None:
    """The Message-ID of a mail."""
    with firm.services.pool.read() as work:
        mail = work.messages.get(no)
    assert mail is not None
    return mail.message.message_id


def test_the_lists_and_the_report_are_there(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    assert "Northwind" in anna.get("/lists/kings")
    for name in ("risk", "win-back", "leads"):
        anna.get(f"/lists/{name}")
    anna.get("/lists/nonsense", status=404)
    report = anna.get("/reports/value")
    assert "Die größten 50\u202f% bringen" in report
    assert "Weiterempfehlung" in report
    assert "polyline" in report


def test_a_file_for_spreadsheets_holds_no_formula(own_firm: sample.Sample) -> None:
    with own_firm.services.pool.begin() as work:
        work.customers.upsert([Customer("C5", "=cmd|' /C calc'!A0")], [])
    rows = table(Visitor(own_firm), "kings")
    assert rows[0][:2] == ["customer_id", "name"]
    assert all(not cell.startswith("=") for row in rows for cell in row)


def test_a_note_of_two_fields_stands_in_the_timeline(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.post("/customers/C5/note", subject="Liefertermin", text="Kommt Freitag", channel="call")
    assert "Die Notiz steht im Verlauf." in page
    assert "Liefertermin" in page
    text = "Nur der Text\nund mehr"
    page = anna.post("/customers/C5/note", text=text, channel="nonsense", next="/sidebar?customer=C5")
    assert "Notiz, anna: Nur der Text" in page
    anna.post("/customers/C5/note", status=400, subject=" ", text="")
    found = anna.get("/customers/C5?q=freitag")
    assert "Liefertermin" in found
    assert "Nur der Text" not in found.partition('id="entries"')[2]


def test_particulars_are_written_changed_and_removed(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    assert "Vorher anrufen" in anna.post("/customers/C1/particulars", text="Vorher anrufen", until="2031-01-31")
    with own_firm.services.pool.read() as work:
        [kept] = work.particulars.of("C1", date(2030, 1, 1))
    anna.post(f"/particulars/{kept.id}", customer="C1", text="Nachher anrufen", until="")
    assert "Nachher anrufen" in anna.get("/sidebar?customer=C1")
    anna.post("/customers/C1/particulars", status=400, text="x", until="morgen")
    assert "Nachher anrufen" not in anna.post(f"/particulars/{kept.id}", customer="C1", text="", remove="1")


def test_a_proposal_is_accepted_and_comes_back_when_that_is_undone(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    assert "Um Empfehlung bitten" in anna.get("/customers/C1")
    page = anna.post("/customers/C1/next-action", action="ask-referral", verdict="accepted")
    assert "Um Empfehlung bitten: vermerkt." in page
    assert "<b>Um Empfehlung bitten</b>" not in page
    assert "<b>Um Empfehlung bitten</b>" in anna.post("/customers/C1/next-action/undo", action="ask-referral")
    anna.post("/customers/C1/next-action", status=400, action="dance", verdict="accepted")
    with own_firm.services.pool.read() as work:
        assert work.decisions.of("C1") == {}


def test_who_objects_to_advertising_is_asked_for_nothing(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    page = anna.post("/customers/C1/bars", bar="objection", on="1")
    assert "Widerspricht Werbung" in page
    assert "<b>Um Empfehlung bitten</b>" not in page
    assert "<b>Um Empfehlung bitten</b>" in anna.post("/customers/C1/bars", bar="objection", on="")
    anna.post("/customers/C1/bars", status=400, bar="complaint", on="1")


def test_a_telephone_system_opens_the_caller(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    page = anna.get("/call?number=04315550121")
    assert "Hansen Metallbau" in page
    assert '<details class="card jot" id="note" open>' in page
    assert "Unbekannte Nummer" in anna.get("/call?number=%2B49301234567")
    bare = anna.get("/call")
    assert ("Unbekannte Nummer" in bare, "Wer ist das?" in bare) == (False, True)
