"""What stands in the Summary of what a customer is worth: particulars, money, value, and what to do next.

Facts were reckoned when rows changed; the day is applied here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from textwrap import shorten
from urllib.parse import quote

from rules.consents import allowed, as_existing_customer, deciding, words_of
from rules.money import money, rounded
from rules.terms.consent import Consent, Purpose
from rules.terms.ledger import Offer, OpenItem, Particular
from rules.terms.summary import Line, SummaryAction, SummaryMoney, SummaryValue
from rules.terms.worth import Bar, CustomerValue, Facts, OfferFacts, OrderFacts
from rules.value import next_action, rhythm
from rules.value.facts import paying
from rules.value.next_action import Action, Situation
from rules.value.payments import PaymentBehaviour
from rules.value.revenue import YEAR
from rules.value.segments import Segment
from rules.wording import Language, knows, say

# A lead so like the best customers is worth a call.
LIKE = 0.75
_SURVEY_DAYS = 90
_MONTHS = 12
_BLOCKS = "▁▂▃▄▅▆▇█"
_LATE_DAYS = 3
_WAYS = (Purpose.POST, Purpose.EMAIL, Purpose.PHONE)


@dataclass(frozen=True, slots=True)
class Worth:
    """What was fetched of one customer.

    `open_items` are of accounting's list of `list_day`, None where there is none. `decided` says when proposals were
    last accepted or declined. `consents` are all words that they and their people said. `bought`: they are an existing
    customer whom the firm may mail without consent (§ 7 (3) UWG).
    """

    facts: Facts = field(default_factory=Facts)
    particulars: Sequence[Particular] = ()
    open_items: Sequence[OpenItem] = ()
    list_day: date | None = None
    value: CustomerValue | None = None
    decided: Mapping[str, date] = field(default_factory=dict)
    bars: frozenset[Bar] = frozenset()
    consents: Sequence[Consent] = ()
    bought: bool = False


def particulars(worth: Worth, customer_id: str, language: Language) -> tuple[Line, ...]:
    """What one should know before anything else, with who wrote it."""
    here = _place(customer_id, "#particulars")
    return tuple(
        Line(_until(one, language), one.author or "particular", _iso(one.since), here) for one in worth.particulars
    )


def money_of(worth: Worth, customer_id: str, today: date, language: Language) -> SummaryMoney | None:
    """What is open, what came in and how they pay; None where the books say nothing."""
    facts, here = worth.facts, _place(customer_id, "#books")
    lines = []
    if facts.billing is not None or worth.open_items:
        lines += _owed_lines(worth, today, language, here)
    months: tuple[tuple[str, int], ...] = ()
    change = None
    if facts.orders is not None:
        now, before = twelve_months(facts.orders, today)
        change = now / before - 1 if before > 0 else None
        text = say("money.revenue", language, sum=rounded(now, facts.orders.currency, language))
        if change is not None:
            text += f", {percent(change, language, sign=True)}"
        lines.append(Line(text, "orders", facts.orders.last.isoformat(), here))
        months = by_month(facts.orders, today)
    if facts.offers is not None and (offered := _open_offers(facts.offers, today)):
        total = rounded(sum(one.amount for one in offered), facts.offers.currency, language)
        words = "money.offer" if len(offered) == 1 else "money.offers"
        latest = max(one.date for one in offered)
        lines.append(Line(say(words, language, count=len(offered), sum=total), "offers", latest.isoformat(), here))
    if facts.billing is not None and facts.billing.payments:
        text = _pays(paying(facts.billing, today), language)
        lines += [Line(text, "payments", None, here)] if text else []
    if not lines:
        return None
    currency = facts.orders.currency if facts.orders else ""
    return SummaryMoney(tuple(lines), spark(months), months, currency, change)


def value_of(
    worth: Worth,
    customer_id: str,
    today: date,
    language: Language,
    horizon: str,
    *,
    with_money: bool,
    contact_id: str = "",
) -> SummaryValue | None:
    """Where they stand, their rhythm, what is to be expected, how they may be asked; None where nothing can be said.

    Args:
        worth: what was fetched.
        customer_id: whose.
        today: the day.
        language: the reader's.
        horizon: how far the lifetime value looks, in words (`span`).
        with_money: whether the reader may see amounts.
        contact_id: which of their people it is about, if it is about one.
    """
    value, facts, here = worth.value, worth.facts, _place(customer_id, "#value")
    lines: list[Line] = []
    said = value.as_of.isoformat() if value else None
    if value is not None and value.segment and value.because:
        words = say(f"segment.{value.segment}", language)
        because = say(value.because, language)
        lines.append(Line(f"{words[:1].upper()}{words[1:]}: {because}", "value", said, here))
    pace = rhythm.rhythm(facts.orders.days, today) if facts.orders else None
    if facts.orders is not None and pace is not None:
        text = rhythm.sentence(pace, language)
        lines.append(Line(f"{text[:1].upper()}{text[1:]}", "orders", facts.orders.last.isoformat(), here))
    if value is not None and value.risk:
        lines.append(Line(say("value.risk", language, reason=say(value.risk, language)), "value", said, here))
    if value is not None and value.p_alive is not None:
        lines.append(Line(say("value.alive", language, share=percent(value.p_alive, language)), "value", said, here))
    if value is not None and value.lifetime is not None and with_money and horizon:
        currency = facts.orders.currency if facts.orders else "EUR"
        total = rounded(value.lifetime, currency, language)
        lines.append(Line(say("value.lifetime", language, horizon=horizon, sum=total), "value", said, here))
    if facts.surveys is not None:
        last = facts.surveys.last
        text = say("value.survey", language, score=last.score)
        if comment := " ".join(last.comment.split()):
            text += f": {say('complaint.quote', language, quote=shorten(comment, 80, placeholder='…'))}"
        lines.append(Line(text, "survey", last.date.isoformat(), here))
    lines += _advertising(worth, customer_id, contact_id, language)
    if not lines and value is None:
        return None
    return SummaryValue(
        lines=tuple(lines),
        value_class=(value and value.abc) or None,
        segment=(value and value.segment) or None,
        badge=badge(value, language),
    )


def next_step(
    worth: Worth,
    customer_id: str,
    today: date,
    language: Language,
    *,
    complaint: bool,
    lead: bool,
    promised: date | None = None,
    private: bool = False,
    contact_id: str = "",
) -> SummaryAction | None:
    """The one thing to do next, with its reason; None when nothing is called for.

    Args:
        worth: what was fetched.
        customer_id: whose.
        today: the day.
        language: the reader's.
        complaint: whether one of theirs is open.
        lead: whether the firm calls them a lead.
        promised: when our nearest promise to them is due.
        private: whether they are a private person, who may be called only with consent.
        contact_id: which of their people it is about, if it is about one.
    """
    situation = _situation(worth, today, complaint=complaint, lead=lead, promised=promised)
    decided = {Action(name): day for name, day in worth.decided.items() if name in set(Action)}
    found = next_action.next_action(situation, decided, today)
    if found is None:
        return None
    reason = say(found.reason, language)
    offers = _open_offers(worth.facts.offers, today) if worth.facts.offers else []
    if found.action is Action.FOLLOW_OFFER and situation.offer_until is not None:
        ending = next(one for one in offers if one.valid_until == situation.offer_until)
        text = say("action.follow-offer.number", language, number=ending.offer_no)
        reason = say("because.offer.until", language, day=_day(situation.offer_until, language))
    else:
        text = say(f"action.{found.action.value}", language)
    if found.action is Action.CALL and situation.risk:
        reason = say(situation.risk, language)
    if next_action.sells(found.action) and (private or worth.bought or _said(worth, contact_id)):
        reason = f"{reason} · {_ways(worth, contact_id, language)}"
    return SummaryAction(text, found.action.value, reason, today.isoformat(), _place(customer_id), found.rests > 0)


def _advertising(worth: Worth, customer_id: str, contact_id: str, language: Language) -> list[Line]:
    """How they may be asked for business, where they said anything about that."""
    here = _place(customer_id, "#consents")
    if Bar.OBJECTION in worth.bars:
        return [Line(say("consent.objects", language), "consent", None, here, "warn")]
    said = _said(worth, contact_id)
    if not said:
        return []
    return [Line(_ways(worth, contact_id, language), "consent", max(one.date for one in said).isoformat(), here)]


def _said(worth: Worth, contact_id: str) -> list[Consent]:
    """The words that decide how a person may be asked for business."""
    words = words_of(worth.consents)
    return [word for way in _WAYS if (word := deciding(words, way, contact_id)) is not None]


def _ways(worth: Worth, contact_id: str, language: Language) -> str:
    """How a person may be asked for business, in words."""
    words = words_of(worth.consents)
    bought = worth.bought
    ways = ", ".join(
        f"{say(f'consent.{way.value}', language)} ({say('consent.existing', language)})"
        if as_existing_customer(words, way, contact_id, bought=bought)
        else say(f"consent.{way.value}", language)
        for way in _WAYS
        if allowed(words, way, contact_id, bought=bought)
    )
    return say("consent.ways", language, ways=ways) if ways else say("consent.no-way", language)


def badge(value: CustomerValue | None, language: Language) -> str:
    """Class and segment in few letters: "A · Kö"; "" where there is neither."""
    if value is None:
        return ""
    short = f"segment.short.{value.segment}"
    return " · ".join(part for part in (value.abc, say(short, language) if knows(short) else "") if part)


def span(days: int, language: Language) -> str:
    """A horizon in words: "2 years"."""
    count, unit = rhythm.span(days)
    return say(f"span.{unit}", language, count=count)


def twelve_months(orders: OrderFacts, today: date) -> tuple[int, int]:
    """Revenue of the last 365 days, today included, and of the 365 before."""
    now = sum(one.amount for one in orders.lately if today - YEAR < one.date <= today)
    before = sum(one.amount for one in orders.lately if today - 2 * YEAR < one.date <= today - YEAR)
    return now, before


def by_month(orders: OrderFacts, today: date) -> tuple[tuple[str, int], ...]:
    """Revenue of this month and the eleven before, oldest first, by "2026-11"."""
    known = {one.first: one.revenue for one in orders.months}
    first, firsts = today.replace(day=1), []
    for _ in range(_MONTHS):
        firsts.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return tuple((f"{month:%Y-%m}", known.get(month, 0)) for month in reversed(firsts))


def spark(months: Sequence[tuple[str, int]]) -> str:
    """A row of small bars; "" where nothing came in."""
    most = max((amount for _, amount in months), default=0)
    if most <= 0:
        return ""
    return "".join(_BLOCKS[max(0, amount) * (len(_BLOCKS) - 1) // most] for _, amount in months)


def percent(share: float, language: Language, *, sign: bool = False) -> str:
    """A share as people write it: "+12 %" in German (DIN 5008), "+12%" in English."""
    number = f"{round(share * 100):{'+' if sign else ''}d}".replace("-", "−")
    return f"{number}\u202f%" if language == "de" else f"{number}%"


def _owed_lines(worth: Worth, today: date, language: Language, here: str) -> list[Line]:
    billing, list_day = worth.facts.billing, worth.list_day
    if billing is None:
        known = list(worth.open_items)
        currency = known[0].currency
        total = sum(one.amount for one in known if one.currency == currency)
        overdue = sum(one.amount for one in known if one.currency == currency and one.due and one.due < today)
        text = _open_text(total, overdue, currency, list_day, language)
        return [Line(text, "open-items", _iso(list_day), here, "warn" if overdue else None)]
    found = paying(billing, today, worth.open_items, list_day)
    # Where the firm brings no payments, nothing can be said of what is open but by accounting's own list.
    if not billing.payments and list_day is None:
        return []
    source = "invoices" if list_day is None else "open-items"
    day = list_day or max((one.date for one in billing.unsettled), default=None)
    currency = billing.currency
    open_text = _open_text(found.open, found.overdue, currency, list_day, language)
    lines = [Line(open_text, source, _iso(day), here, "warn" if found.overdue else None)]
    if found.credit:
        credit = say("money.credit", language, sum=money(found.credit, currency, language))
        lines.append(Line(credit, "payments", None, here))
    return lines


def _until(one: Particular, language: Language) -> str:
    if one.until is None:
        return one.text
    return say("particular.until", language, text=one.text, day=_day(one.until, language))


def _open_text(total: int, overdue: int, currency: str, as_of: date | None, language: Language) -> str:
    if not total:
        text = say("money.nothing-open", language)
    elif overdue == total:
        text = say("money.all-overdue", language, sum=rounded(total, currency, language))
    elif overdue:
        amounts = {"sum": rounded(total, currency, language), "overdue": rounded(overdue, currency, language)}
        text = say("money.overdue", language, **amounts)
    else:
        text = say("money.open", language, sum=rounded(total, currency, language))
    return text if as_of is None else f"{text} ({say('money.as-of', language, day=_day(as_of, language))})"


def _pays(found: PaymentBehaviour, language: Language) -> str:
    """How they pay, in a line; "" where nothing can be said yet."""
    if found.average_days_late is None or found.share_late is None:
        return ""
    if found.average_days_late < _LATE_DAYS:
        text = say("money.pays-in-time", language)
    else:
        days, share = round(found.average_days_late), percent(found.share_late, language)
        text = say("money.pays-late", language, days=days, share=share)
    return text + (f", {say('money.wrong-discount', language)}" if found.discount_wrongly_taken else "")


def _open_offers(offers: OfferFacts, today: date) -> list[Offer]:
    """Those that still hold."""
    return [one for one in offers.open if one.valid_until is None or one.valid_until >= today]


def _situation(worth: Worth, today: date, *, complaint: bool, lead: bool, promised: date | None) -> Situation:
    facts, value = worth.facts, worth.value
    overdue = 0
    if facts.billing is not None and (facts.billing.payments or worth.list_day is not None):
        overdue = paying(facts.billing, today, worth.open_items, worth.list_day).overdue
    ends = [one.valid_until for one in _open_offers(facts.offers, today) if one.valid_until] if facts.offers else []
    survey = facts.surveys.last if facts.surveys else None
    fresh = survey is not None and (today - survey.date).days <= _SURVEY_DAYS
    segment = Segment(value.segment) if value is not None and value.segment else Segment.OCCASIONAL
    if lead and facts.orders is None:
        segment = Segment.LEAD
    return Situation(
        segment=segment,
        promise_due=promised,
        bars=worth.bars | ({Bar.COMPLAINT} if complaint else frozenset()),
        survey_score=survey.score if survey is not None and fresh else None,
        overdue=overdue,
        offer_until=min(ends, default=None),
        risk=(value and value.risk) or None,
        first_order_days=(today - facts.orders.first).days if facts.orders else None,
        like_kings=value is not None and value.likeness is not None and value.likeness >= LIKE,
    )


def _place(customer_id: str, anchor: str = "") -> str:
    return f"/customers/{quote(customer_id, safe='')}{anchor}"


def _day(day: date, language: Language) -> str:
    return f"{day:%d.%m.%Y}" if language == "de" else f"{day.day} {day:%b %Y}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
