"""What finding candidates costs in a large pool: CPU µs for an exact and for a fuzzy question, and for importing it.

The reference of the same run is a look at one customer by its key.

python benchmarks/candidates.py [--customers 100000] [--url postgresql://…]    # 1000000 takes about 40 minutes
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stdnum.iso7064 import mod_11_10

from rules import identifiers
from rules.terms.customer import Contact, Customer, CustomerKind, IdentifierKind, Known, Reference
from rules.terms.firm import Firm
from storage.pool import Pool, Work

FIRM = Firm(name="Muster GmbH", domains=frozenset({"muster.example"}))
CHUNK = 1000
# Whole records that a mail's keys lead to, at most.
CANDIDATES = 50
EXACT = (IdentifierKind.ADDRESS, IdentifierKind.DOMAIN)
TRADES = "Bau Metall Technik Logistik Handel Systeme Elektro Druck Holz Service Consulting Immobilien Werkzeuge".split()
FORMS = ("GmbH", "AG", "KG", "GmbH & Co. KG", "e.K.", "OHG", "UG")


@dataclass(frozen=True, slots=True)
class Party:
    """A customer with its people and one order."""

    customer: Customer
    contacts: tuple[Contact, ...]
    order: Reference

    def known(self) -> Iterator[Known]:
        """By what the customer is recognised."""
        return iter(identifiers.of_customer(self.customer, FIRM))

    def people_known(self) -> Iterator[Known]:
        """By what its people are recognised."""
        return (known for one in self.contacts for known in identifiers.of_contact(one, FIRM, "DE"))


class World:
    """Makes parties as a country has them: a few names often, most of them rarely; the same number, the same party."""

    def __init__(self) -> None:
        luck = random.Random(7)
        syllables = [
            a + b for a in "b br d f g h k kl l m n r s sch st t w z".split() for b in "a e i o u ei au".split()
        ]
        endings = "mann ner ler ke berg feld hof ing sen ert".split()
        self._lasts = [
            "".join(luck.choices(syllables, k=luck.randint(1, 2))).title() + luck.choice(endings) for _ in range(60_000)
        ]
        self._firsts = ["".join(luck.choices(syllables, k=2)).title() + luck.choice("aens") for _ in range(1_500)]
        self._brands = ["".join(luck.choices(syllables, k=luck.randint(2, 3))).title() for _ in range(150_000)]
        self._lasts_weighted = list(accumulate(1 / (rank + 20) for rank in range(len(self._lasts))))
        self._firsts_weighted = list(accumulate(1 / (rank + 5) for rank in range(len(self._firsts))))

    def party(self, no: int) -> Party:
        """The party of this number."""
        luck = random.Random(no)
        id = f"C{no:07}"
        place = f"{luck.randrange(1_000, 99_999):05}"
        common = {"zip": place, "city": f"Stadt {place[:3]}", "country": "DE", "customer_no": f"K-{100_000 + no}"}
        trunk = f"+49 {luck.randrange(201, 999)} {luck.randrange(100_000, 999_999)}"
        if no % 3 == 0:
            first, last = self._person(luck)
            address = f"{first}.{last}{no % 97}@{luck.choice(('gmx.de', 'web.de', 'gmail.com'))}".lower()
            customer = Customer(id, f"{first} {last}", kind=CustomerKind.PERSON, email=address, phone=trunk, **common)
            return Party(customer, (), self._order(luck, id))
        name = f"{luck.choice(self._brands)} {luck.choice(TRADES)}"
        domain = f"{name.replace(' ', '-').lower()}{no % 13}.de"
        digits = f"{luck.randrange(10_000_000, 99_999_999)}"
        vat = f"DE{digits}{mod_11_10.calc_check_digit(digits)}"
        customer = Customer(
            id,
            name,
            legal_form=luck.choice(FORMS),
            email=f"info@{domain}",
            domain=domain,
            phone=trunk + "0",
            vat_id=vat,
            **common,
        )
        people = []
        for number in range(luck.choice((1, 1, 2, 2, 3))):
            first, last = self._person(luck)
            address = f"{first[0]}.{last}@{domain}".lower()
            people.append(
                Contact(
                    f"P{no:07}-{number}",
                    id,
                    first_name=first,
                    last_name=last,
                    email=address,
                    phone=f"{trunk}{number + 11}",
                )
            )
        return Party(customer, tuple(people), self._order(luck, id))

    def _person(self, luck: random.Random) -> tuple[str, str]:
        (first,) = luck.choices(self._firsts, cum_weights=self._firsts_weighted)
        (last,) = luck.choices(self._lasts, cum_weights=self._lasts_weighted)
        return first, last

    @staticmethod
    def _order(luck: random.Random, id: str) -> Reference:
        return Reference("order", f"A{luck.randrange(2015, 2027)}-{luck.randrange(1_000_000):06}", id)


@dataclass(slots=True)
class Filling:
    """What filling the pool cost, in CPU seconds."""

    deriving: float = 0.0
    storing: float = 0.0


def fill(pool: Pool, world: World, customers: int) -> Filling:
    """Import the customers, then their people and orders, as `kingpost import` does, a thousand at a time."""
    took = Filling()
    for first in range(0, customers, CHUNK):
        parties = [world.party(no) for no in range(first, min(first + CHUNK, customers))]
        began = time.process_time()
        known = [one for party in parties for one in party.known()]
        people_known = [one for party in parties for one in party.people_known()]
        numbers = {party.customer.customer_no for party in parties} | {party.order.number for party in parties}
        forms = {number: identifiers.form_of(number) for number in numbers}
        derived = time.process_time()
        with pool.begin() as work:
            work.customers.upsert([party.customer for party in parties], known, forms)
        with pool.begin() as work:
            work.customers.upsert_contacts([one for party in parties for one in party.contacts], people_known)
        with pool.begin() as work:
            work.customers.upsert_references([party.order for party in parties], forms)
        took.deriving += derived - began
        took.storing += time.process_time() - derived
    return took


def answered(work: Work, keys: dict[IdentifierKind, list[str]]) -> int:
    """Who owns these keys, and the whole records of the likeliest; how many records."""
    owners = work.customers.owners(keys)
    # A key that many share finds nobody by itself.
    telling = sorted(owners.values(), key=lambda found: found.count)
    ids = list(dict.fromkeys(one.customer_id for found in telling for one in found.known))[:CANDIDATES]
    return len(work.customers.files_of(ids))


def questions(world: World, customers: int, count: int) -> list[tuple[dict[IdentifierKind, list[str]], ...]]:
    """For parties drawn at random the keys of an exact and of a fuzzy question.

    The fuzzy one has all that a signature says, the names as others of the pool bear them, and no address.
    """
    luck = random.Random(11)
    made = []
    while len(made) < count:
        party, other = (world.party(luck.randrange(customers)) for _ in range(2))
        if not party.contacts:
            continue
        near: dict[IdentifierKind, list[str]] = {}
        for known in (*party.known(), *party.people_known(), *other.known(), *other.people_known()):
            near.setdefault(known.kind, []).append(known.value)
        near[IdentifierKind.NUMBER] = [
            *near.get(IdentifierKind.NUMBER, []),
            identifiers.form_of(party.order.number).normal,
        ]
        first = next(party.people_known())
        sure = {IdentifierKind.ADDRESS: [first.value], IdentifierKind.DOMAIN: [party.customer.domain]}
        made.append((sure, {kind: values for kind, values in near.items() if kind not in EXACT}))
    return made


def timed(ask: Callable[[int], object], count: int) -> list[float]:
    """CPU µs of each question, the second time it is asked."""
    taken = []
    for number in range(count):
        ask(number)
        began = time.process_time()
        ask(number)
        taken.append((time.process_time() - began) * 1e6)
    return taken


def shown(name: str, taken: list[float], reference: float) -> None:
    """One line of the result."""
    parts = quantiles(taken, n=100)
    print(f"{name:<28} p50 {parts[49]:8.0f}   p99 {parts[98]:8.0f}   {parts[49] / reference:6.1f} × the reference")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000, help="customers in the pool")
    parser.add_argument("--sample", type=int, default=2_000, help="questions of each kind")
    parser.add_argument("--url", help="an empty database instead of an SQLite file (its server's CPU is not counted)")
    words = parser.parse_args()
    world = World()
    with tempfile.TemporaryDirectory(prefix="kp-candidates-") as folder:
        pool = Pool.create(words.url or f"sqlite:///{folder}/kingpost.db", f"{folder}/blobs")
        try:
            began = time.monotonic()
            took = fill(pool, world, words.customers)
            filled = time.monotonic() - began
            asked = questions(world, words.customers, words.sample)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with pool.read() as work:
                ids = [f"C{no * 7919 % words.customers:07}" for no in range(words.sample)]
                reference = timed(lambda number: work.customers.get(ids[number]), words.sample)
                sure = timed(lambda number: answered(work, asked[number][0]), words.sample)
                fuzzy = timed(lambda number: answered(work, asked[number][1]), words.sample)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        finally:
            pool.close()
        size = sum(file.stat().st_size for file in Path(folder).glob("kingpost.db*"))
    print(f"{words.customers:,} customers; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    each = 1e6 / words.customers
    print(
        f"import: {took.storing * each:.0f} µs CPU a customer to store, {took.deriving * each:.0f} to derive its keys"
    )
    if size:
        print(f"{size / words.customers / 1024:.1f} KiB a customer on disk")
    one = quantiles(reference, n=100)[49]
    print("CPU µs a question")
    shown("one customer by its key", reference, one)
    shown("exact (goal 100)", sure, one)
    shown("fuzzy (goal p99 20,000)", fuzzy, one)
    print(f"the questions took {grown / 1024:.0f} MiB more memory; filling took {filled:.0f} s")


if __name__ == "__main__":
    main()
