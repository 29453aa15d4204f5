"""What the Summary says of a customer's worth: from facts, on a day, in the reader's words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from rules import value_lines
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.ledger import Invoice, Offer, OfferStatus, OpenItem, Particular, Payment, SurveyAnswer
from rules.terms.summary import SummaryMoney, SummaryValue
from rules.terms.worth import Bar, CustomerValue, Facts, OfferSum, OrderDay
from rules.value import facts
from rules.value_lines import Worth

TODAY = date(2026, 11, 22)
INVOICES = [
    Invoice("R1", "C 1", date(2026, 8, 1), 100_000, due=date(2026, 8, 31)),
    Invoice("R2", "C 1", date(2026, 10, 1), 89_000, due=date(2026, 10, 31)),
    Invoice("R3", "C 1", date(2026, 11, 10), 332_000, due=date(2026, 12, 10)),
]
PAYMENTS = [Payment("R1", date(2026, 9, 10), 100_000)]
BILLING = Facts(billing=facts.billing(INVOICES, PAYMENTS))


def ordered(*days: tuple[date, int]) -> Facts:
    """Orders of days."""
    return Facts(orders=facts.orders([OrderDay(day, "EUR", 1, amount) for day, amount in sorted(days)]))


def money(worth: Worth, language: str = "de") -> SummaryMoney:
    found = value_lines.money_of(worth, "C 1", TODAY, language)
    assert found is not None
    return found


def value(worth: Worth, *, with_money: bool = True) -> SummaryValue:
    found = value_lines.value_of(worth, "C 1", TODAY, "de", "2 Jahren", with_money=with_money)
    assert found is not None
    return found


def step(worth: Worth, *, complaint: bool = False, lead: bool = False) -> tuple[str, str] | None:
    found = value_lines.next_step(worth, "C 1", TODAY, "de", complaint=complaint, lead=lead)
    return None if found is None else (found.text, found.reason)


def test_what_is_open_and_overdue_stands_first_and_leads_to_the_books() -> None:
    [first, second] = money(Worth(BILLING)).lines
    assert first.text == "Offen 4.210 €, davon 890 € überfällig"
    assert (first.source, first.tone, first.href) == ("invoices", "warn", "/customers/C%201#books")
    assert second.text == "Zahlt im Schnitt 16 Tage zu spät, 100\u202f% der Rechnungen"
    assert money(Worth(BILLING), "en").lines[0].text == "Open €4,210, €890 of it overdue"


def test_accountings_own_list_outweighs_and_names_its_day() -> None:
    items = [OpenItem("C 1", "R2", date(2026, 11, 18), 50_000, due=date(2026, 10, 31))]
    [first, *_] = money(Worth(BILLING, open_items=items, list_day=date(2026, 11, 18))).lines
    assert (first.text, first.source) == ("Offen 500 €, alles überfällig (Stand 18.11.2026)", "open-items")
    [first, *_] = money(Worth(BILLING, list_day=date(2026, 11, 18))).lines
    assert (first.text, first.tone) == ("Nichts offen (Stand 18.11.2026)", None)


def test_without_payments_nothing_is_said_to_be_open() -> None:
    assert value_lines.money_of(Worth(Facts(billing=facts.billing(INVOICES, []))), "C1", TODAY, "de") is None
    assert value_lines.money_of(Worth(), "C1", TODAY, "de") is None


def test_revenue_is_of_exactly_a_year_beside_the_year_before() -> None:
    year = timedelta(365)
    worth = Worth(ordered((TODAY, 60_000), (TODAY - year + timedelta(1), 60_000), (TODAY - year, 100_000)))
    found = money(worth)
    assert found.lines[0].text == "Umsatz 12 M 1.200 €, +20\u202f%"
    assert found.change == pytest.approx(0.2)
    assert found.months[-1] == ("2026-11", 60_000)
    assert len(found.months) == len(found.spark) == 12
    assert found.spark[-1] == "█"
    later = value_lines.money_of(worth, "C 1", TODAY + year, "de")
    assert later is not None
    assert later.lines[0].text == "Umsatz 12 M 0 €, −100\u202f%"
    assert later.spark == ""


def test_open_offers_are_those_that_still_hold() -> None:
    some = [
        Offer("A1", "C 1", TODAY, 100_000, valid_until=TODAY),
        Offer("A2", "C 1", TODAY, 900_000, valid_until=TODAY - timedelta(1)),
    ]
    found = facts.offers([OfferSum(OfferStatus.OPEN, "EUR", 2, 1_000_000)], some)
    assert money(Worth(Facts(offers=found))).lines[0].text == "Ein Angebot offen, 1.000 €"


def test_a_lifetime_value_is_marked_as_an_estimate_and_money_is_for_those_who_may() -> None:
    days = tuple((TODAY - timedelta(77 + 42 * place), 10_000) for place in range(5))
    own = CustomerValue("C 1", TODAY, king=True, segment="king", because="segment.because.class-a", abc="A",
                        risk="risk.rhythm", p_alive=0.871, lifetime=1_234_567)  # fmt: skip
    worth = Worth(replace(ordered(*days)), value=own)
    texts = [line.text for line in value(worth).lines]
    assert texts == [
        "Königskunde: gehört zu denen, die 80\u202f% des Umsatzes bringen",
        "Bestellt etwa alle 6 Wochen, zuletzt vor 11 Wochen",
        "Könnte abwandern: doppelt so lange kein Auftrag wie sonst",
        "Zu 87\u202f% noch Kunde (Schätzung)",
        "Zu erwarten in 2 Jahren: etwa 12.346 € (Schätzung)",
    ]
    assert value(worth).badge == "A · Kö"
    assert not any("€" in line.text for line in value(worth, with_money=False).lines)


def test_a_particular_says_until_when_it_holds_and_who_wrote_it() -> None:
    some = [Particular("C1", "Nur vormittags", date(2026, 12, 24), "anna", 1, TODAY), Particular("C1", "Tor 2")]
    first, second = value_lines.particulars(Worth(particulars=some), "C1", "de")
    assert (first.text, first.source, first.date) == ("Nur vormittags (bis 24.12.2026)", "anna", "2026-11-22")
    assert (second.text, second.source, second.date) == ("Tor 2", "particular", None)


def test_the_next_step_names_what_it_is_about() -> None:
    offer = Offer("A7", "C1", TODAY, 100_000, valid_until=TODAY + timedelta(5))
    offered = Worth(Facts(offers=facts.offers([OfferSum(OfferStatus.OPEN, "EUR", 1, 100_000)], [offer])))
    assert step(offered) == ("Nachfassen zu Angebot A7", "gilt bis 27.11.2026")
    assert step(offered, complaint=True) == ("Beschwerde lösen", "eine Beschwerde ist offen")
    assert step(replace(offered, bars=frozenset({Bar.COLLECTION}))) is None
    assert step(Worth(BILLING)) == ("Auf die offene Rechnung ansprechen", "eine Rechnung ist überfällig")
    assert step(replace(Worth(BILLING), decided={"talk-payment": TODAY - timedelta(3)})) is None
    assert step(replace(Worth(BILLING), decided={"talk-payment": TODAY - timedelta(14)})) is not None


def test_an_old_answer_calls_for_nothing_any_more() -> None:
    for days, expected in ((90, "Anrufen und nach dem Grund fragen"), (91, None)):
        answered = Facts(surveys=facts.surveys(1, SurveyAnswer("C1", TODAY - timedelta(days), 3)))
        found = step(Worth(answered))
        assert (found and found[0]) == expected


def test_a_lead_like_the_kings_is_called_on_but_not_against_their_will() -> None:
    like = Worth(value=CustomerValue("C1", TODAY, likeness=0.8))
    assert step(like, lead=True) == ("Ansprechen", "ähnelt Ihren besten Kunden")
    assert step(replace(like, bars=frozenset({Bar.OBJECTION})), lead=True) is None
    assert step(like) is None


def test_small_bars_show_twelve_months() -> None:
    assert value_lines.spark([("a", 0), ("b", 50), ("c", 100), ("d", -20)]) == "▁▄█▁"
    assert value_lines.spark([("a", 0)]) == ""


def said(purpose: Purpose, *, given: bool = True, contact: str = "") -> Consent:
    return Consent("C 1", purpose, given, date(2026, 3, 1), Way.FORM, datetime(2026, 3, 1, tzinfo=UTC), contact)


def test_how_somebody_may_be_asked_for_business_is_said_where_they_said_so() -> None:
    agreed = Worth(
        value=CustomerValue("C1", TODAY, segment="king", because="because.lost"), consents=[said(Purpose.EMAIL)]
    )
    line = value(agreed).lines[-1]
    assert (line.text, line.date, line.href) == (
        "Werbung erlaubt: Post, E-Mail",
        "2026-03-01",
        "/customers/C%201#consents",
    )
    refused = replace(agreed, consents=[said(Purpose.EMAIL), said(Purpose.EMAIL, given=False, contact="P1"),
                                        said(Purpose.POST, given=False)])  # fmt: skip
    found = value_lines.value_of(refused, "C 1", TODAY, "de", "", with_money=True, contact_id="P1")
    assert found is not None
    assert found.lines[-1].text == "Keine Werbung erlaubt"
    objects = value(replace(agreed, bars=frozenset({Bar.OBJECTION}))).lines[-1]
    assert (objects.text, objects.tone) == ("Widerspricht Werbung", "warn")
    assert all(one.source != "consent" for one in value(replace(agreed, consents=())).lines)


def test_whoever_is_told_to_sell_is_told_how() -> None:
    like = Worth(value=CustomerValue("C1", TODAY, likeness=0.8))

    def reason(worth: Worth, *, private: bool) -> str:
        found = value_lines.next_step(worth, "C1", TODAY, "de", complaint=False, lead=True, private=private)
        assert found is not None
        return found.reason

    assert "Werbung" not in reason(like, private=False)
    assert reason(like, private=True).endswith("· Werbung erlaubt: Post")
    agreed = replace(like, consents=[said(Purpose.PHONE)])
    assert reason(agreed, private=False).endswith("· Werbung erlaubt: Post, Telefon")
    bought = replace(like, bought=True)
    ways = "· Werbung erlaubt: Post, E-Mail (Bestandskunde, § 7 Abs. 3 UWG)"
    assert reason(bought, private=False).endswith(ways)
    assert reason(replace(bought, consents=[said(Purpose.EMAIL)]), private=False).endswith("erlaubt: Post, E-Mail")
    assert reason(replace(bought, consents=[said(Purpose.EMAIL, given=False)]), private=False).endswith("erlaubt: Post")
    owing = value_lines.next_step(Worth(BILLING), "C1", TODAY, "de", complaint=False, lead=False, private=True)
    assert owing is not None
    assert "Werbung" not in owing.reason
