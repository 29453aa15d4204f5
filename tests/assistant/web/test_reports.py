"""Reports on the page, by the API and as a table."""

import csv
import io
from datetime import date, timedelta
from html import unescape

import pytest

from assistant.spreadsheets import harmless
from assistant.web import charts
from rules.terms.case import Case
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.finding import Evidence
from tests.assistant.web.house import NOW, SECRET, House

QUOTE = "schon zum dritten Mal"


def complained(house: House, no: int, **more: object) -> None:
    found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (Evidence("x", QUOTE, 2.1),), language="de")
    case = Case("complaints", "Lieferung", "b", NOW, 8, customer_id="C1", category=Category.DELIVERY, **more)  # type: ignore[arg-type]
    with house.services.pool.begin() as work:
        work.findings.put([Finding(no, NOW, found, "C1")])
        work.cases.open(case, [no])


def test_the_report_counts_quotes_and_keeps_closed_mail_closed(own_firm: House) -> None:
    complained(own_firm, own_firm.open_mail, product="Pumpe 7", cost=1250)
    complained(own_firm, own_firm.annas_mail, cause="Spedition")
    complained(own_firm, own_firm.closed_mail, product=SECRET)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        body = client.get("/api/v1/reports/complaints").json()
        assert (body["count"], body["open"], body["cost"]) == (2, 2, 1250)
        assert body["categories"] == [
            {"name": "delivery", "count": 2, "cost": 1250, "quotes": [[2, QUOTE], [1, QUOTE]]}
        ]
        assert body["repeated"] == [{"customer": "C1", "count": 2}]
        assert (body["customers_kept"], body["customers_lost"], body["complete"]) == (1, 0, True)
        page = unescape(client.get("/reports", headers={"accept": "text/html"}).text)
        assert "Lieferung und Termine" in page
        assert f"<q>{QUOTE}</q>" in page
        assert SECRET not in page
        assert "anna" not in page.partition("<main")[2]
        last = (NOW - timedelta(days=9)).date()
        assert client.get(f"/api/v1/reports/complaints?to={last}").json()["count"] == 0
        assert "Keine Beschwerde in dieser Zeit" in unescape(client.get(f"/reports?to={last}").text)


def test_the_table_holds_no_formula(own_firm: House) -> None:
    complained(
        own_firm, own_firm.open_mail, product='=HYPERLINK("http://x.example")', cause="-1+1", remedy="a;b", cost=5
    )
    with own_firm.client("anna") as client:
        answer = client.get("/reports/cases.csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert row["product"] == '\'=HYPERLINK("http://x.example")'
    assert (row["cause"], row["remedy"], row["cost_eur"]) == ("'-1+1", "a;b", "0.05")
    assert not {"assignee", "staff"} & row.keys()


@pytest.mark.parametrize("cell", ["=1", "+49", "-x", "@a", "\tx", "\rx", "\nx", "  =1", "\u00a0=1", "＝1"])
def test_what_looks_like_a_formula_is_made_plain(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["a=1", "", 7, -7, 1.5])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert harmless(cell) == cell
    assert harmless(None) == ""


def test_the_chart_of_months_has_twelve_and_counts_the_right_ones() -> None:
    chart = charts.by_month({"2026-01-01": 4, "2025-11-01": 9}, date(2026, 2, 28), "de")
    assert len(chart.bars) == 12
    assert (chart.total, chart.today) == (13, 0)
    assert chart.bars[-2].title == "Januar 2026: 4"
    ranked = charts.ranked([("a", 4), ("b", 2)], "de")
    assert ranked[0].width == 2 * ranked[1].width


def test_a_time_that_cannot_be_meant_is_said_in_a_sentence(own_firm: House) -> None:
    complained(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        client.headers.update({"accept-language": "de", "accept": "text/html"})
        answer = client.get("/reports?from=2026-12-01&to=2026-11-01")
        assert answer.status_code == 400
        text = unescape(answer.text)
        assert "Der erste Tag liegt nach dem letzten." in text
        assert 'value="2026-12-01"' in text
        assert "Keine Beschwerde" not in text
        answer = client.get("/reports?from=abc")
        assert answer.status_code == 400
        assert "ein Wert, der nicht gemeint sein kann" in unescape(answer.text)
        assert "/api/docs" not in answer.text.partition("<main")[2]
        answer = client.get("/api/v1/reports/complaints?from=abc", headers={"accept": "application/json"})
        assert "/api/docs" in answer.json()["detail"]
