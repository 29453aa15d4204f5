"""What all customers are worth beside one another: reckoned nightly and after imports.

    orders ──> a line of figures a customer (assistant.trades) ──> classes, fifths, models over all lines ──> values

What follows is stored a thousand at a time, so that nobody waits for it. What depends on the day is as of the
reckoning's day, which stands beside it.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import numpy as np

from assistant import trades
from assistant.alike import resembling
from assistant.settings import Settings, ValueSettings
from assistant.trades import Lines, Progress, Trades
from rules.terms.interaction import Channel
from rules.terms.worth import BusinessModel, ClassSum, CustomerValue, PoolValue
from rules.value import abc, bgnbd, lifetime
from rules.value.abc import Class
from rules.value.lifetime import Fit, Terms
from rules.value.lookalikes import Lookalike
from rules.value.repeats import WEEK
from rules.value.revenue import YEAR, share
from rules.value.rfm import Rfm, quintiles
from rules.value.rhythm import Rhythm
from rules.value.segments import Segment, Standing, at_risk, segment
from rules.value.special import Floats
from storage.pool import Pool

BEST = 100  # kings with whom others are compared
_STORED_AT_ONCE = 1000
# How long after a reckoning the next one may begin, as a multiple of how long it took.
_PAUSE = 20
_POINTS = 100


def refresh(pool: Pool, settings: Settings, now: datetime, progress: Progress = lambda done, total: None) -> PoolValue:
    """Reckon everything anew and keep it.

    Args:
        pool: the pool.
        settings: [value], and the firm's time zone, in which its day lies.
        now: the present moment.
        progress: told how many customers are done, of how many.
    """
    own, today = settings.value, now.astimezone(ZoneInfo(settings.firm.time_zone)).date()
    with pool.read() as work:
        marked = work.values.marked()
        read = trades.read(work, own, today, progress)
        costs = trades.costs(work, read, now)
        channels, scores = work.values.channels(now - YEAR), work.values.scores(today - YEAR)
    reckoning = _Reckoning(read, own, today, costs)
    with pool.read() as work:
        alike = resembling(work, reckoning.kings(), reckoning.small())
    run, values = time.time_ns(), reckoning.values(alike)
    while some := list(islice(values, _STORED_AT_ONCE)):
        with pool.begin() as work:
            work.values.put(run, some)
    found = reckoning.together(channels, scores)
    with pool.begin() as work:
        work.values.finish(run, marked, found)
    return found


class Valuer:
    """Reckons when something has changed, and once a day because the day has."""

    def __init__(
        self, pool: Pool, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._clock = clock
        self._rests_until = 0.0

    def run(self) -> bool:
        """Reckon if it is time to; whether it was."""
        started = time.monotonic()
        if started < self._rests_until or not self._due():
            return False
        refresh(self._pool, self._settings, self._clock())
        self._rests_until = time.monotonic() + _PAUSE * (time.monotonic() - started)
        return True

    def _due(self) -> bool:
        today = self._clock().astimezone(ZoneInfo(self._settings.firm.time_zone)).date()
        with self._pool.read() as work:
            last, marked = work.values.reckoned(), work.values.marked()
        if last is None or last[1] != marked:
            return True
        found, own = last[0], self._settings.value
        terms = (found.currency, found.horizon_days, found.margin, found.discount)
        return found.as_of != today or terms != (own.currency, own.horizon_days, own.margin, own.discount_rate)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A customer with what follows from their line; `before` is the class of the year before."""

    place: int
    standing: Standing
    segment: Segment | None
    because: str
    risk: str
    before: Class | None

    @property
    def king(self) -> bool:
        return self.segment is Segment.KING or self.standing.key_account


@dataclass(frozen=True, slots=True)
class _Foretold:
    """What the models say, a place for each line; NaN where they say nothing."""

    fit: Fit | None
    repeaters: int
    p_alive: Floats
    expected: Floats
    lifetime: Floats


class _Reckoning:
    """All lines, and what follows from them."""

    def __init__(self, read: Trades, own: ValueSettings, today: date, costs: Mapping[int, tuple[int, int]]) -> None:
        self._read, self._own, self._today = read, own, today
        lines = read.lines
        self._by_margin = read.books and read.margins
        if self._by_margin:
            self._now, self._then = lines["margin"].copy(), lines["margin_before"].copy()
            self._best = lines["best_margin"]
            for place, (now, before) in costs.items():
                self._now[place] -= now
                self._then[place] -= before
        else:
            # Without books, what the firm's own table says of its customers' revenue decides.
            self._now = lines["revenue"] if read.books else lines["known"]
            self._then, self._best = lines["before"], lines["best"] if read.books else lines["known"]
        self._revenue = lines["revenue"] if read.books else lines["known"]
        self._all_revenue = read.all_revenue if read.books else int(lines["known"].sum())
        traded = self._revenue
        self._classes, self._classes_before = _classes(self._now, traded), _classes(self._then, lines["before"])
        self._rfm = _rfm(lines)
        self._foretold = _foretold(read, own, today)

    def kings(self) -> list[str]:
        """The most valuable king customers."""
        found = ((-one.standing.worth, one.standing.customer_id) for one in self._judged() if one.king)
        return [id for _, id in sorted(found)[:BEST]]

    def small(self) -> Iterator[str]:
        """Leads, and customers of class C: among them those who resemble the kings are looked for."""
        for one in self._judged():
            if one.segment is Segment.LEAD or (one.standing.abc is Class.C and not one.king):
                yield one.standing.customer_id

    def values(self, alike: Mapping[str, Lookalike]) -> Iterator[CustomerValue]:
        """The value of every customer of whom there is something to say."""
        lines, foretold = self._read.lines, self._foretold
        for one in self._judged():
            standing, place = one.standing, one.place
            like = alike.get(standing.customer_id)
            if one.segment in (None, Segment.LEAD) and not one.king and like is None:
                continue
            revenue = int(self._revenue[place])
            lifetime_value = _known(foretold.lifetime[place])
            yield CustomerValue(
                customer_id=standing.customer_id,
                as_of=self._today,
                king=one.king,
                segment=one.segment or "",
                because=_BY_MARGIN if self._by_margin and one.because == _BEST else one.because,
                abc=standing.abc or "",
                abc_before=one.before or "",
                rfm=standing.rfm.code if standing.rfm else "",
                worth=standing.worth,
                revenue=revenue,
                before=int(lines["before"][place]),
                share=share(revenue, self._all_revenue),
                risk=one.risk,
                p_alive=standing.p_alive,
                expected=_known(foretold.expected[place]),
                lifetime=None if lifetime_value is None else round(lifetime_value * 100),
                likeness=like.likeness if like else None,
                like=like.like if like else (),
                shared=like.shared if like else (),
            )

    def together(self, channels: Mapping[Channel, int], scores: list[int]) -> PoolValue:
        """The figures over all customers."""
        own, read, foretold = self._own, self._read, self._foretold
        curve = abc.lorenz(self._now.tolist())
        grid = np.zeros((5, 5), int)
        for score in self._rfm.values():
            grid[score.recency - 1, score.frequency - 1] += 1
        fit = foretold.fit
        return PoolValue(
            as_of=self._today,
            currency=own.currency,
            by_margin=self._by_margin,
            customers=len(self._classes),
            revenue=self._all_revenue,
            before=read.all_before,
            stated=not read.books and self._all_revenue > 0,
            concentration=tuple(curve[-(-len(curve) * at // _POINTS) - 1] for at in range(1, _POINTS + 1) if curve),
            classes=tuple(self._class_sum(name) for name in Class),
            grid=tuple(tuple(row) for row in grid.tolist()),
            channels=tuple(channels.items()),
            scores=tuple(scores),
            horizon_days=own.horizon_days,
            margin=own.margin,
            discount=own.discount_rate,
            repeaters=foretold.repeaters,
            expected=float(np.nansum(foretold.expected)) if fit and fit.purchases else None,
            unfit=(fit and fit.unfit) or "",
            unfit_spend=(fit and fit.unfit_spend) or "",
        )

    def _class_sum(self, wanted: Class) -> ClassSum:
        places = [place for place, name in self._classes.items() if name is wanted]
        return ClassSum(wanted.value, len(places), int(self._now[places].sum()) if places else 0)

    def _judged(self) -> Iterator[_Judged]:
        """Every customer, from their line."""
        today = self._today.toordinal()
        for place, (id, line) in enumerate(zip(self._read.ids, self._read.lines, strict=True)):
            orders, revenue, before = int(line["orders"]), int(line["revenue"]), int(line["before"])
            since, days = today - int(line["last"]), int(line["days"])
            standing = Standing(
                id,
                self._own.business_model,
                orders=orders,
                first_days=today - int(line["first"]) if orders else None,
                last_days=since if orders else None,
                worth=int(self._best[place]),
                abc=self._classes.get(place),
                rfm=self._rfm.get(place),
                rhythm=Rhythm(float(line["typical"]), int(line["longest"]), since, days) if days else None,
                p_alive=_known(self._foretold.p_alive[place]),
                change=revenue / before - 1 if before > 0 else None,
                key_account=bool(line["key_account"]),
            )
            found: Segment | None
            found, because = segment(standing)
            if found is Segment.LEAD and not line["lead"]:
                # A customer by the firm's own word, of whom the books say nothing.
                king = standing.key_account or standing.abc is Class.A
                found, because = (Segment.KING, _KING[standing.key_account]) if king else (None, "")
            yield _Judged(place, standing, found, because, at_risk(standing) or "", self._classes_before.get(place))


_BEST, _BY_MARGIN = "segment.because.class-a", "segment.because.class-a-margin"
_KING = {True: "segment.because.key-account", False: _BEST}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _classes(contributions: Lines, traded: Lines) -> dict[int, Class]:
    """The class of everybody who traded, by place."""
    places = np.flatnonzero(traded)
    found = abc.classes({str(place): int(contributions[place]) for place in places})
    return {int(place): name for place, name in found.items()}


def _rfm(lines: Lines) -> dict[int, Rfm]:
    """The scores of everybody who ordered lately, by place."""
    places = np.flatnonzero(lines["lately"])
    some = lines[places]
    scores = zip(quintiles(some["last"]), quintiles(some["lately"]), quintiles(some["spent"]), strict=True)
    return {int(place): Rfm(int(r), int(f), int(m)) for place, (r, f, m) in zip(places, scores, strict=True)}


def _foretold(read: Trades, own: ValueSettings, today: date) -> _Foretold:
    """What the models say of customers who bought again; for firms with repeat trade alone."""
    empty = np.full(len(read.ids), np.nan)
    if own.business_model is not BusinessModel.REPEAT:
        return _Foretold(None, 0, empty, empty, empty)
    repeats = read.bought.repeats(today)
    fit = lifetime.fit(repeats)
    alive, expected, value = empty.copy(), empty.copy(), empty.copy()
    if fit.purchases is not None:
        at = {id: place for place, id in enumerate(read.ids)}
        places = np.array([at[id] for id in repeats.ids], int)
        again = repeats.x > 0
        horizon = own.horizon_days / WEEK
        # Of who bought once the model says that they are certainly still there, which says nothing.
        alive[places[again]] = bgnbd.p_alive(fit.purchases, repeats.x, repeats.t_x, repeats.T)[again]
        expected[places] = bgnbd.expected(fit.purchases, repeats.x, repeats.t_x, repeats.T, horizon)
        terms = Terms(horizon, own.margin if own.margin is not None else 1.0, own.discount_rate)
        reckoned = lifetime.lifetime_value(fit, repeats, terms)
        if reckoned is not None:
            value[places] = reckoned
    return _Foretold(fit, repeats.repeaters, alive, expected, value)
