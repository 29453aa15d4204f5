"""The demo firm's books: amounts, due days and payments for the numbers that its mails and records speak of.

What is made here follows from the numbers alone, so it is the same in each demo. The sum of a customer's orders in the
last year is the revenue that their record names; beside the orders of the record they buy spare parts at a pace of
their own.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

Row = Mapping[str, str]
DAY, YEAR, TAX = timedelta(days=1), timedelta(days=365), 1.19
YEARS = 3

# Amounts that stand in mails (offers and orders without tax, invoices with it).
TOLD = {
    "AN-2118": 41380.00, "AN-2119": 2980.00, "AN-2124": 23960.00, "AN-2128": 7340.00, "AN-2131": 6215.00,
    "AN-2132": 2510.00, "AN-2134": 9480.00, "AN-2135": 1720.00, "AN-2136": 4260.00, "AN-2138": 1495.00,
    "AN-2139": 3252.00, "AN-2140": 4987.40, "AN-2140-1": 4588.40, "AN-2148": 720.00, "AN-2156": 318.00,
    "AN-2159": 3112.00, "AN-2170": 5880.00, "AN-2172": 13740.00,
    "4500119201": 408.57, "4500118734": 6215.00, "CB-10442": 23960.00, "88213": 4588.40,
    "R-71281": 7914.20, "R-71330": 214.20, "R-71345": 3498.60, "R-71356": 3836.56, "R-71361": 3498.60,
    "R-71388": 664.70, "R-71399": 96.40, "R-71402": 486.20,
}  # fmt: skip
# Replaced by another invoice, so many days ago.
CREDITED = {"R-71345": 21, "R-71388": 2}
UNPAID = {"R-71291", "R-71274"}
DISPUTED = {"R-71281", "R-71356"}
# By how many days customers pay late; who is not named pays in time.
LATE = {"C004": 24, "C008": 9, "C013": 31, "C019": 6, "C020": 14, "C027": 18, "C037": 7, "C051": 12}
SKONTO = {"C001", "C002", "C003", "C015", "C023"}
# Whose revenue went another way than that of the others, as a factor of the year before.
CHANGED = {"C004": 2.3, "C006": 0.55, "C013": 1.8, "C028": 0.2, "C032": 0.6}
# Since when nothing more was ordered.
SILENT = {"C004": 150, "C020": 170, "C033": 732, "C034": 800, "C035": 985}


@dataclass(frozen=True, slots=True)
class _Order:
    number: str
    customer: str
    day: date
    amount: float
    status: str


def books(customers: Sequence[Row], references: Sequence[Row], today: date) -> dict[str, str]:
    """The tables orders, offers, invoices and payments as CSV.

    Args:
        customers: the firm's customers, with their revenue of the last year.
        references: the numbers on its papers, with absolute dates.
        today: the day on which the demo runs.
    """
    orders = [order for row in customers for order in _orders(row, references, today)]
    billed = _invoices(references, orders, today)
    return {
        "orders": _csv(
            ("order_no", "customer_id", "date", "amount", "status"),
            ((one.number, one.customer, one.day, f"{one.amount:.2f}", one.status) for one in orders),
        ),
        "offers": _csv(
            ("offer_no", "customer_id", "date", "amount", "valid_until", "status"),
            (_offer(row, orders, today) for row in references if row["type"] == "offer"),
        ),
        "invoices": _csv(tuple(billed[0]), (one.values() for one in billed)),
        "payments": _csv(("invoice_no", "date", "amount"), _payments(billed, today)),
    }


def _orders(customer: Row, references: Sequence[Row], today: date) -> list[_Order]:
    """A customer's orders: those of the record, and spare parts between."""
    id, dice = customer["customer_id"], Random(customer["customer_id"])  # noqa: S311 — a sample, no secret
    own = [row for row in references if row["type"] == "order" and row["customer_id"] == id]
    if not own and not float(customer["revenue_12m"] or 0):
        return []
    found = [(row["number"], date.fromisoformat(row["date"]), dice.uniform(2, 6)) for row in own]
    if customer["kind"] == "firm":
        pace, silent = dice.choice((35, 42, 56, 75, 90)), SILENT.get(id, 0)
        day = today - timedelta(days=silent + dice.randrange(3, pace)) if not silent else today - silent * DAY
        first = max(today - YEARS * YEAR, _since(customer, today))
        while day > first:
            found.append(
                (f"E-{20000 + (today - day).days * 7 % 10000 + int(id[1:]) * 10000}", day, dice.uniform(0.5, 1.5))
            )
            day -= timedelta(days=round(pace * dice.uniform(0.8, 1.2)))
    now = sum(weight for _, day, weight in found if day > today - YEAR)
    revenue = float(customer["revenue_12m"] or 0)
    unit = revenue / now if now and revenue else dice.uniform(300, 900)
    factor = CHANGED.get(id, dice.uniform(0.8, 1.15))
    made = []
    for number, day, weight in sorted(found, key=lambda one: one[1]):
        amount = TOLD.get(number, weight * unit * (1 if day > today - YEAR else factor))
        made.append(_Order(number, id, day, amount, "open" if day > today - 12 * DAY else "delivered"))
    return made


def _since(customer: Row, today: date) -> date:
    since = customer["since"]
    return date.fromisoformat(since) if since else today - YEARS * YEAR


def _offer(row: Row, orders: Sequence[_Order], today: date) -> tuple[object, ...]:
    number, id, day = row["number"], row["customer_id"], date.fromisoformat(row["date"])
    dice = Random(number)  # noqa: S311
    until = day + 45 * DAY
    ordered = any(one.customer == id and day < one.day <= until and one.number.startswith("A-") for one in orders)
    status = "accepted" if ordered else "open" if until >= today else dice.choice(("expired", "declined"))
    return number, id, day, f"{TOLD.get(number, dice.uniform(400, 9000)):.2f}", until, status


def _invoices(references: Sequence[Row], orders: Sequence[_Order], today: date) -> list[dict[str, object]]:
    """The invoices of the record; each asks for the order before it."""
    of_customer: dict[str, list[_Order]] = defaultdict(list)
    for order in orders:
        of_customer[order.customer].append(order)
    made: list[dict[str, object]] = []
    for row in (row for row in references if row["type"] == "invoice"):
        number, id, day = row["number"], row["customer_id"], date.fromisoformat(row["date"])
        before = [one for one in of_customer[id] if one.day <= day and one.number.startswith("A-")]
        amount = before[-1].amount * TAX if before else Random(number).uniform(150, 1200)  # noqa: S311
        one: dict[str, object] = {
            "invoice_no": number,
            "customer_id": id,
            "kind": "invoice",
            "date": day,
            "due": day + 30 * DAY,
            "amount": f"{TOLD.get(number, amount):.2f}",
            "discount_percent": 2 if id in SKONTO else 0,
            "discount_until": day + 10 * DAY if id in SKONTO else "",
            "disputed": int(number in DISPUTED),
            "invoice_ref": "",
        }
        made.append(one)
        if number in CREDITED:
            credited = today - CREDITED[number] * DAY
            made.append(one | {"invoice_no": f"G-{number[2:]}", "kind": "credit-note", "date": credited, "due": "",
                               "discount_percent": 0, "discount_until": "", "invoice_ref": number})  # fmt: skip
    return made


def _payments(billed: Iterable[Mapping[str, object]], today: date) -> Iterable[tuple[object, ...]]:
    for one in billed:
        number, id, day = str(one["invoice_no"]), str(one["customer_id"]), one["date"]
        if one["kind"] != "invoice" or number in CREDITED.keys() | UNPAID | DISPUTED or not isinstance(day, date):
            continue
        dice, amount = Random(f"paid {number}"), float(str(one["amount"]))  # noqa: S311
        if id in SKONTO:
            paid, amount = day + dice.randrange(5, 11) * DAY, amount * 0.98
        elif id in LATE:
            paid = day + timedelta(days=30 + round(LATE[id] * dice.uniform(0.5, 1.5)))
        else:
            paid = day + dice.randrange(12, 29) * DAY
        if paid <= today:
            yield number, paid, f"{amount:.2f}"


def _csv(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()
