"""What of an invoice is open, reckoned by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.terms.ledger import Invoice, InvoiceKind, Payment, PaymentKind
from rules.value.balance import Balance, balance, due_day, last_day

WRITTEN = date(2026, 3, 2)  # a Monday
DISCOUNT_UNTIL = date(2026, 3, 12)  # a Thursday
DUE = date(2026, 4, 1)  # a Wednesday
TODAY = date(2026, 6, 1)


def invoice(amount: int = 100_000, **changes: object) -> Invoice:
    """1,000 € of 2 March, 3 % Skonto until 12 March, due on 1 April."""
    terms: dict[str, object] = {"due": DUE, "discount_percent": 3.0, "discount_until": DISCOUNT_UNTIL}
    return Invoice("R1", "K1", WRITTEN, amount, **{**terms, **changes})  # type: ignore[arg-type]


def paid(amount: int, day: date, kind: PaymentKind = PaymentKind.PAYMENT) -> Payment:
    return Payment("R1", day, amount, kind)


def note(amount: int, day: date = DUE) -> Invoice:
    return Invoice("G1", "K1", day, amount, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R1")


def reckoned(*payments: Payment, of: Invoice | None = None, notes: tuple[Invoice, ...] = ()) -> Balance:
    return balance(of or invoice(), payments, notes, TODAY)


def test_within_the_skonto_970_of_1000_leave_nothing_open_and_are_not_late() -> None:
    found = reckoned(paid(97_000, DISCOUNT_UNTIL))
    assert (found.open, found.granted, found.wrongly_taken, found.missed) == (0, 3_000, 0, 0)
    assert found.days_late(TODAY) == 0
    assert not found.overdue(TODAY)


def test_five_days_after_the_skonto_ended_970_of_1000_leave_30_open() -> None:
    found = reckoned(paid(97_000, DISCOUNT_UNTIL + timedelta(days=5)))
    assert (found.open, found.granted, found.wrongly_taken, found.missed) == (3_000, 0, 3_000, 0)
    assert found.days_late(TODAY) == 0, "the invoice itself was paid before it was due"
    assert found.overdue(TODAY), "the 30 € have been due since 1 April"


def test_a_skonto_that_is_paid_after_all_was_missed() -> None:
    found = reckoned(paid(97_000, date(2026, 3, 17)), paid(3_000, date(2026, 3, 30)))
    assert (found.open, found.wrongly_taken, found.missed) == (0, 0, 3_000)


def test_who_pays_in_full_leaves_the_skonto() -> None:
    found = reckoned(paid(100_000, date(2026, 3, 10)))
    assert (found.open, found.granted, found.missed) == (0, 0, 3_000)


def test_a_skonto_wrongly_taken_and_written_off_is_not_open_but_remembered() -> None:
    found = reckoned(paid(97_000, date(2026, 3, 17)), paid(3_000, date(2026, 5, 4), PaymentKind.WRITE_OFF))
    assert (found.open, found.wrongly_taken) == (0, 3_000)


def test_the_skonto_of_a_sunday_may_be_taken_on_monday() -> None:
    sunday = date(2026, 3, 15)
    assert last_day(sunday) == date(2026, 3, 16) == last_day(date(2026, 3, 14))
    found = reckoned(paid(97_000, date(2026, 3, 16)), of=invoice(discount_until=sunday))
    assert (found.open, found.granted) == (0, 3_000)
    late = reckoned(paid(97_000, date(2026, 3, 17)), of=invoice(discount_until=sunday))
    assert (late.open, late.wrongly_taken) == (3_000, 3_000)


def test_the_skonto_is_rounded_in_the_customers_favour() -> None:
    # 2 % of 123.43 € are 2.4686 €.
    found = reckoned(paid(12_096, WRITTEN), of=invoice(12_343, discount_percent=2.0))
    assert (found.discount, found.open, found.granted) == (247, 0, 247)


def test_part_payments_in_time_may_take_the_skonto() -> None:
    found = reckoned(paid(40_000, date(2026, 3, 5)), paid(57_000, date(2026, 3, 12)))
    assert (found.open, found.granted) == (0, 3_000)


def test_half_in_time_takes_no_skonto() -> None:
    found = reckoned(paid(50_000, date(2026, 3, 5)), paid(47_000, date(2026, 3, 20)))
    assert (found.open, found.granted, found.wrongly_taken) == (3_000, 0, 3_000)


def test_a_part_payment_leaves_the_rest_open_and_the_invoice_late() -> None:
    found = reckoned(paid(50_000, date(2026, 3, 5)))
    assert (found.open, found.wrongly_taken, found.missed, found.paid_on) == (50_000, 0, 3_000, None)
    assert found.overdue(TODAY)
    assert found.days_late(TODAY) == (TODAY - DUE).days == 61


def test_the_second_part_says_how_late_it_was_paid() -> None:
    found = reckoned(paid(50_000, date(2026, 3, 5)), paid(50_000, date(2026, 4, 11)))
    assert (found.open, found.paid_on, found.days_late(TODAY)) == (0, date(2026, 4, 11), 10)


def test_a_retention_is_neither_open_nor_late() -> None:
    """5 % held back for five years: 950 € are to be paid, with 3 % Skonto 921.50 €."""
    held = paid(5_000, WRITTEN, PaymentKind.RETENTION)
    found = reckoned(held, paid(92_150, date(2026, 3, 12)))
    assert (found.open, found.retained, found.granted, found.days_late(TODAY)) == (0, 5_000, 2_850, 0)
    without = reckoned(held, paid(95_000, date(2026, 4, 1)))
    assert (without.open, without.retained, without.missed) == (0, 5_000, 2_850)


def test_a_retention_paid_out_later_is_no_overpayment() -> None:
    held = paid(5_000, WRITTEN, PaymentKind.RETENTION)
    found = reckoned(held, paid(92_150, date(2026, 3, 12)), paid(5_000, date(2026, 5, 20)))
    assert (found.open, found.retained, found.granted, found.overpaid) == (0, 0, 2_850, 0)


def test_a_credit_note_lowers_what_is_asked_and_the_skonto_with_it() -> None:
    found = reckoned(paid(77_600, date(2026, 3, 12)), notes=(note(20_000),))
    assert (found.discount, found.open, found.granted) == (2_400, 0, 2_400)
    assert reckoned(notes=(note(100_000),)).open == 0
    assert reckoned(notes=(note(100_000),)).days_late(TODAY) == 0


def test_a_credit_note_on_a_paid_invoice_is_owed_to_the_customer() -> None:
    assert reckoned(paid(100_000, date(2026, 3, 20)), notes=(note(20_000),)).overpaid == 20_000


def test_what_was_paid_too_much_is_not_open_but_owed_back_until_it_went_back() -> None:
    twice = (paid(100_000, date(2026, 3, 20)), paid(100_000, date(2026, 3, 23)))
    assert (reckoned(*twice).open, reckoned(*twice).overpaid) == (0, 100_000)
    back = paid(100_000, date(2026, 4, 20), PaymentKind.REFUND)
    assert (reckoned(*twice, back).open, reckoned(*twice, back).overpaid) == (0, 0)


def test_a_bounced_direct_debit_opens_the_invoice_again() -> None:
    found = reckoned(paid(100_000, date(2026, 3, 20)), paid(100_000, date(2026, 3, 25), PaymentKind.REFUND))
    assert (found.open, found.paid_on) == (100_000, None)


def test_a_skonto_without_a_last_day_may_be_taken_until_the_invoice_is_due() -> None:
    of = invoice(discount_until=None)
    assert reckoned(paid(97_000, DUE), of=of).open == 0
    assert reckoned(paid(97_000, DUE + timedelta(days=1)), of=of).open == 3_000


def test_a_disputed_invoice_is_never_overdue() -> None:
    assert not reckoned(of=invoice(disputed=True)).overdue(TODAY)


def test_an_invoice_without_a_due_day_is_due_after_thirty_days() -> None:
    assert due_day(invoice(due=None)) == date(2026, 4, 1)


def test_payments_to_come_do_not_count_yet() -> None:
    assert reckoned(paid(100_000, TODAY + timedelta(days=1))).open == 100_000


amounts = st.integers(0, 300_000)
days = st.dates(WRITTEN, TODAY + timedelta(days=30))
payments = st.lists(st.builds(paid, amounts, days, st.sampled_from(PaymentKind)), max_size=6)
percents = st.sampled_from([0.0, 2.0, 2.5, 3.0])


@given(payments, st.lists(st.builds(note, amounts), max_size=2), percents)
def test_no_cent_is_lost_or_owed_twice(payments: list[Payment], notes: list[Invoice], percent: float) -> None:
    """What was asked for is paid, open, held back, granted as Skonto, written off, or it was too much."""
    found = balance(invoice(discount_percent=percent), payments, notes, TODAY)
    amounts = (found.open, found.retained, found.overpaid, found.granted, found.wrongly_taken, found.missed)
    assert min(amounts) >= 0
    set_off = sum(one.amount for one in payments if one.kind is PaymentKind.CREDIT and one.date <= TODAY)
    asked = max(0, 100_000 - max(set_off, sum(one.amount for one in notes)))
    settled = found.paid + found.granted + found.open + found.retained - found.overpaid
    written_off = sum(one.amount for one in payments if one.kind is PaymentKind.WRITE_OFF and one.date <= TODAY)
    assert asked - written_off <= settled <= asked
    assert found.granted + found.wrongly_taken + found.missed <= found.discount
    if found.granted:
        assert not found.wrongly_taken
        assert not found.missed


@given(payments, st.permutations(range(6)))
def test_the_order_of_entries_does_not_matter(payments: list[Payment], order: list[int]) -> None:
    shuffled = [payments[at] for at in order if at < len(payments)]
    ours = balance(invoice(), payments, (), TODAY)
    theirs = balance(invoice(), shuffled, (), TODAY)
    assert (ours.open, ours.granted, ours.overpaid) == (theirs.open, theirs.granted, theirs.overpaid)


@pytest.mark.parametrize("day", [date(2026, 3, 2) + timedelta(days=at) for at in range(7)])
def test_no_term_ends_at_a_weekend(day: date) -> None:
    assert last_day(day).weekday() < 5
    assert 0 <= (last_day(day) - day).days <= 2


def skonto_line(day: date, amount: int) -> Payment:
    return Payment("R1", day, amount, PaymentKind.DISCOUNT)


@pytest.mark.parametrize("paid_on", [date(2026, 1, 12), date(2026, 1, 17), date(2026, 3, 2)])
@pytest.mark.parametrize("paid", [97_000, 96_000, 98_000, 50_000])
def test_a_skonto_line_beside_known_terms_changes_nothing(paid_on: date, paid: int) -> None:
    """1,000 € with 3 % until the 12th: 970 € and a line over 30 € are 970 €, in time and too late."""
    terms = Invoice(
        "R1",
        "K1",
        date(2026, 1, 5),
        100_000,
        due=date(2026, 2, 4),
        discount_percent=3.0,
        discount_until=date(2026, 1, 12),
    )
    money = Payment("R1", paid_on, paid)
    line = skonto_line(paid_on, 100_000 - paid)
    today = date(2026, 3, 31)
    assert balance(terms, [money, line], [], today) == balance(terms, [money], [], today)


def test_a_skonto_line_on_an_invoice_without_terms_is_what_was_agreed() -> None:
    """1,000 € without terms: 970 € on the 12th, 30 € Skonto; nothing open, 30 € granted, paid on the 12th."""
    plain = Invoice("R1", "K1", date(2026, 1, 5), 100_000, due=date(2026, 2, 4))
    day = date(2026, 1, 12)
    found = balance(plain, [Payment("R1", day, 97_000), skonto_line(day, 3_000)], [], date(2026, 3, 31))
    assert (found.open, found.granted, found.wrongly_taken, found.missed) == (0, 3_000, 0, 0)
    assert (found.paid, found.paid_on, found.overpaid) == (97_000, day, 0)
    # Part of it: 500 € and the line leave 470 € open.
    found = balance(plain, [Payment("R1", day, 50_000), skonto_line(day, 3_000)], [], date(2026, 3, 31))
    assert (found.open, found.paid_on) == (47_000, None)


def test_credit_set_off_lowers_what_is_asked_once_however_it_is_booked() -> None:
    """1,000 € less 100 € credited, 3 % Skonto of the rest: 873 € in time settle it."""
    terms = Invoice(
        "R1", "K1", date(2026, 1, 5), 100_000, date(2026, 2, 4), discount_percent=3.0, discount_until=date(2026, 1, 12)
    )
    day = date(2026, 1, 12)
    money, line = Payment("R1", day, 87_300), Payment("R1", day, 10_000, PaymentKind.CREDIT)
    note = Invoice("G1", "K1", day, 10_000, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R1")
    ways = [
        balance(terms, payments, notes, date(2026, 3, 31))
        for payments, notes in (([money, line], []), ([money], [note]), ([money, line], [note]))
    ]
    assert ways[0] == ways[1] == ways[2]
    assert (ways[0].open, ways[0].granted, ways[0].overpaid, ways[0].paid_on) == (0, 2_700, 0, day)
