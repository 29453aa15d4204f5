"""Who brought whom (Empfehlungen). Ids of customers that have been merged lead to the ones that were kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, func, insert, select

from rules.terms.customer import Customer
from storage.aliases import aliases, with_parts
from storage.customer_files import CUSTOMER, customer_of
from storage.placements import chunks
from storage.recognition import merges
from storage.records import customers
from storage.relation_tables import referrals
from storage.restrictions import used_customer
from storage.value_tables import customer_values

# So many steps a chain of referrals is followed.
_STEPS = 100
_MOST = 200


@dataclass(frozen=True, slots=True)
class Referral:
    """A customer and who brought them. `source`: "mail", "import", or the staff member who wrote it down."""

    customer_id: str
    referrer: str
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who brought customers: how many, and their revenue of the last twelve months together, in cents."""

    customer: Customer
    count: int
    revenue: int


class Referrals:
    """The referrals of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, referral: Referral) -> bool:
        """Note who brought a customer; False when that was known."""
        if referral.referrer in {one.referrer for one in self.of(referral.customer_id)}:
            return False
        values = {"customer_id": referral.customer_id, "referrer": referral.referrer, "since": referral.since}
        self._connection.execute(insert(referrals).values(values | {"source": referral.source}))
        return True

    def remove(self, customer_id: str, referrer: str) -> bool:
        """Take a referral back; False when there was none."""
        c = referrals.c
        theirs = [one.referrer for one in self._stored(customer_id) if self._kept([one.referrer])[0] == referrer]
        this = delete(referrals).where(c.customer_id == customer_id, c.referrer.in_([*theirs, referrer]))
        return self._connection.execute(this).rowcount > 0

    def of(self, customer_id: str) -> list[Referral]:
        """Who brought a customer, the first one first."""
        stored = self._stored(customer_id)
        kept = self._kept([one.referrer for one in stored])
        found = {
            referrer: Referral(customer_id, referrer, one.since, one.source)
            for one, referrer in reversed(list(zip(stored, kept, strict=True)))
            if referrer != customer_id
        }
        return list(reversed(found.values()))

    def brought_by(self, customer_id: str, limit: int = _MOST) -> list[str]:
        """Whom a customer brought, by id, the first one first."""
        c = referrals.c
        query = select(c.customer_id).where(
            c.referrer.in_(with_parts(self._connection, customer_id)), c.customer_id != customer_id
        )
        return list(dict.fromkeys(self._connection.scalars(query.order_by(c.id).limit(limit))))

    def leads_to(self, start: str, wanted: str) -> bool:
        """Whether a customer was brought, over however many others, by a wanted one, or is that one."""
        latest, seen = [start], {start}
        for _ in range(_STEPS):
            if wanted in latest:
                return True
            latest = [one.referrer for id in latest for one in self.of(id) if one.referrer not in seen]
            seen.update(latest)
            if not latest:
                return False
        return True

    def revenue_of(self, ids: Collection[str]) -> int:
        """What customers brought in, in twelve months, in cents."""
        v, total = customer_values.c, 0
        for chunk in chunks(ids):
            query = select(func.coalesce(func.sum(v.revenue), 0)).where(v.customer_id.in_(chunk))
            total += int(self._connection.scalar(query) or 0)
        return total

    def referrers(self, limit: int = 50) -> list[Referrer]:
        """Who brought the most, by revenue, then by number; referrals are few, so all of them are added up."""
        r, v, m = referrals.c, customer_values.c, merges.c
        whom = func.coalesce(m.kept, r.referrer)
        revenue = func.coalesce(func.sum(v.revenue), 0)
        count = func.count(r.customer_id.distinct())
        sums = (
            select(whom.label("referrer"), count.label("count"), revenue.label("revenue"))
            .outerjoin(merges, (m.merged == r.referrer) & m.undone_at.is_(None))
            .outerjoin(customer_values, v.customer_id == r.customer_id)
            .where(r.customer_id != whom, *used_customer(self._connection, r.customer_id))
            .group_by(whom)
            .subquery()
        )
        query = (
            select(*CUSTOMER, sums.c.count, sums.c.revenue)
            .join(sums, sums.c.referrer == customers.c.id)
            .where(*used_customer(self._connection, customers.c.id))
            .order_by(sums.c.revenue.desc(), sums.c.count.desc(), customers.c.id)
            .limit(limit)
        )
        width = len(CUSTOMER)
        rows = self._connection.execute(query)
        return [Referrer(customer_of(tuple(row[:width])), row[width], int(row[width + 1])) for row in rows]

    def _stored(self, customer_id: str) -> list[Referral]:
        c = referrals.c
        query = select(c.customer_id, c.referrer, c.since, c.source).where(c.customer_id == customer_id).order_by(c.id)
        return [Referral(*row) for row in self._connection.execute(query)]

    def _kept(self, ids: list[str]) -> list[str]:
        """The same ids; for merged customers those that were kept."""
        merged = aliases(self._connection, ids)
        return [merged[id].kept if id in merged else id for id in ids]
