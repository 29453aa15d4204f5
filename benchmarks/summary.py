"""How fast the summary is there in a large pool: over HTTP with a token, against one row of the same size.

    python -m benchmarks.summary [--customers 1000000] [--interactions 10000000] [--url postgresql://…] [--keep FOLDER]

The pool is made here: customers with two contacts, orders, invoices, facts and values reckoned, mails of a tenth of the
interactions (at most 200,000), the others calls and notes, cases and complaints of every fiftieth customer. Words for
the full-text search are made of the mails only. `--keep` leaves the pool in a folder and finds it there the next time.

    message     POST /api/v1/summary with a Message-ID, of customers taken by chance
    customer    GET /api/v1/customers/{id}/summary
    row         the reference: a route of this script behind the same login, which fetches one row by its key, of a
                summary's size, in a read of its own

Asked are the customers and mails of a day, a thousand of them taken by chance: each for the first time, when what is
known of them lies on the disk, then five runs, each question in turn over one open connection. The ratio of each run,
and the median of these.
"""

import argparse
import gc
import http.client
import json
import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, insert, select

from assistant import bookkeeping, bootstrap
from assistant.ports import Services
from assistant.settings import load
from assistant.web.app import create_app
from assistant.web.server import Server, listen
from rules.terms.case import Case
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Contact, Customer
from rules.terms.finding import Action, Evidence, Match
from rules.terms.ledger import OrderStatus
from rules.terms.mail import Address, Direction, Mailbox, MailKind, Message, Placement, Reading, Verdict
from rules.terms.pooled import NewMail
from rules.terms.staff import Role, Staff, Viewer
from rules.terms.worth import CustomerValue
from storage.ledger_tables import customer_facts, invoices, orders
from storage.moments import stamp
from storage.pool import Pool, Work
from storage.records import contacts, customers, interactions
from storage.value_tables import customer_values

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
CHUNK = 10_000
MOST_MAILS = 200_000
RUNS, QUESTIONS = 5, 1000
WORDS = "Pumpe Ventil Lieferung Rechnung Konsole Dichtung Motor Schalter Kabel Farbe Termin Spedition".split()
ROW = Table("benchmark_row", MetaData(), Column("id", Text, primary_key=True), Column("body", Text, nullable=False))


# -- the pool


def fill(pool: Pool, people: int, entries: int) -> None:
    """A firm with so many customers and so many entries in their timelines."""
    with pool.begin() as work:
        work.mailboxes.put(Mailbox("info"))
    archetypes = _with_facts(pool)
    mails = min(entries // 10, MOST_MAILS)
    _insert(pool, "customers, contacts", _customers(people), 3 * people)
    _insert(pool, "orders", _orders(people), 3 * people)
    _insert(pool, "facts and values", _reckoned(people, archetypes), 2 * people)
    _insert(pool, "interactions", _entries(people, entries - mails), entries - mails)
    _mails(pool, people, mails)


def _insert(pool: Pool, what: str, rows: Iterator[tuple[Table, dict[str, Any]]], total: int) -> None:
    began, done = time.monotonic(), 0
    while True:
        parts: dict[Table, list[dict[str, Any]]] = {}
        for _, (table, row) in zip(range(CHUNK), rows, strict=False):
            parts.setdefault(table, []).append(row)
        if not parts:
            break
        with pool.begin() as work:
            for table, some in parts.items():
                _connection(work).execute(insert(table), some)
        done += sum(map(len, parts.values()))
        _tell(what, done, total, began)


def _connection(work: Work) -> Connection:
    # Rows by the million: the use cases' own way would take hours, and the tables are what is measured.
    return work.customers._connection


def _tell(what: str, done: int, total: int, began: float) -> None:
    ended = done >= total
    if ended or sys.stdout.isatty():
        rate = done / max(0.001, time.monotonic() - began)
        print(f"\r{what:20}{done:>12,} of {total:,}, {rate:,.0f}/s ", end="\n" if ended else "", flush=True)


def _id(number: int) -> str:
    return f"C{number:07}"


def _customers(people: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    luck = random.Random(1)
    for number in range(people):
        name = f"{luck.choice(WORDS)}bau {number}"
        made = Customer(_id(number), name, str(number), street="Hauptstr. 1", zip="10115", city="Berlin", since="2014")
        row = {field.name: getattr(made, field.name) for field in fields(Customer)}
        row |= {"name_key": name.lower(), "kind": made.kind.value, "party": '["customer"]', "status": made.status.value}
        yield customers, row
        for place in range(2):
            one = Contact(f"P{number:07}{place}", _id(number), "Frau", "", "Eva", f"Lenz{number}", "Einkauf")
            yield contacts, {field.name: getattr(one, field.name) for field in fields(Contact)}


def _orders(people: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    luck = random.Random(2)
    for number in range(people):
        for _ in range(3):
            yield orders, _order(number, TODAY - timedelta(days=luck.randrange(1, 900)), luck)


def _order(number: int, day: date, luck: random.Random) -> dict[str, Any]:
    return {
        "customer_id": _id(number),
        "date": day,
        "order_no": f"A{number}-{luck.getrandbits(48):x}",
        "amount": luck.randrange(1_000, 900_000),
        "currency": "EUR",
        "status": OrderStatus.OPEN.value,
    }


def _with_facts(pool: Pool) -> list[dict[str, Any]]:
    """What the books say of some customers, reckoned by Kingpost: the others get the same."""
    luck = random.Random(3)
    with pool.begin() as work:
        connection = _connection(work)
        ids = [f"X{number}" for number in range(100)]
        for number, id in enumerate(ids):
            connection.execute(insert(customers), dict(next(_customers(1))[1], id=id, customer_no=id))
            for _ in range(luck.randrange(2, 30)):
                row = _order(number, TODAY - timedelta(days=luck.randrange(1, 900)), luck)
                connection.execute(insert(orders), row | {"customer_id": id})
            bill = {"customer_id": id, "date": TODAY - timedelta(days=luck.randrange(5, 90)), "invoice_no": f"R{id}"}
            bill |= {"amount": 97_000, "due": TODAY, "kind": "invoice", "currency": "EUR", "discount_percent": 0.0}
            connection.execute(insert(invoices), bill | {"disputed": False, "invoice_ref": ""})
        bookkeeping.reckon_all(work, ids)
        found = connection.execute(select(customer_facts).where(customer_facts.c.customer_id.in_(ids)))
        return [dict(row) for row in found.mappings()]


def _reckoned(people: int, archetypes: list[dict[str, Any]]) -> Iterator[tuple[Table, dict[str, Any]]]:
    for number in range(people):
        yield customer_facts, archetypes[number % len(archetypes)] | {"customer_id": _id(number)}
        value = CustomerValue(_id(number), TODAY, abc="B", rfm="343", worth=number, revenue=123_400, p_alive=0.8)
        row = {column.name: getattr(value, column.name, "") for column in customer_values.c}
        yield customer_values, row | {"likes": "[]", "shared": "[]", "run": 1, "segment": "loyal"}


def _entries(people: int, entries: int) -> Iterator[tuple[Table, dict[str, Any]]]:
    luck = random.Random(4)
    for _ in range(entries):
        yield (
            interactions,
            {
                "customer_id": _id(luck.randrange(people)),
                "date": stamp(NOW - timedelta(minutes=luck.randrange(1, 2_000_000))),
                "channel": luck.choice(("call", "note", "letter", "visit")),
                "direction": "incoming",
                "contact_id": None,
                "staff": "anna",
                "message": None,
                "external_id": None,
                "subject": f"{luck.choice(WORDS)} {luck.choice(WORDS)}",
                "text": " ".join(luck.choices(WORDS, k=12)),
                "reaction": None,
            },
        )


def _mails(pool: Pool, people: int, mails: int) -> None:
    luck, began = random.Random(5), time.monotonic()
    for start in range(0, mails, 500):
        batch = [_mail(number, luck.randrange(people), luck) for number in range(start, min(start + 500, mails))]
        with pool.begin() as work:
            numbers = work.messages.add(batch)
            for number, mail in zip(numbers, batch, strict=True):
                id = mail.match.customer_id or ""
                entry = {"customer_id": id, "date": stamp(mail.arrived), "channel": "mail", "direction": "incoming"}
                entry |= {"staff": "", "message": number, "subject": mail.message.subject, "text": "Guten Tag, …"}
                _connection(work).execute(insert(interactions), entry)
                if number % 50 == 0:
                    quote = Evidence("complaint.late", "Ventil", 2.0)
                    found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (quote,), language="de")
                    work.findings.put([Finding(number, mail.arrived, found, id)])
                    work.cases.open(Case("complaints", mail.message.subject, "", NOW, 8, customer_id=id), [number])
        _tell("mails", min(start + 500, mails), mails, began)


def _mail(number: int, customer: int, luck: random.Random) -> NewMail:
    moment = NOW - timedelta(minutes=luck.randrange(1, 2_000_000))
    text, subject = " ".join(luck.choices(WORDS, k=80)), f"{luck.choice(WORDS)} {number}"
    sender = Address(f"e.lenz@firma{customer}.example", "Eva Lenz")
    message = Message(f"1:{number}", f"{number}@x.example", sender, subject, moment, text, 3_000)
    return NewMail(
        message,
        Reading(MailKind.PERSON, text, language="de"),
        Direction.INCOMING,
        Match(Action.ATTACH, _id(customer), f"P{customer:07}0", 0.99),
        Verdict.PASS,
        message.identity,
        f"{number:064x}",
        Placement("info", "INBOX", 1, number + 1),
        moment,
    )


# -- the questions


@get("/benchmark/{id:str}", sync_to_thread=True)
def row_of(id: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> Response[bytes]:
    """The reference: one row by its key."""
    with services.pool.read() as work:
        body = _connection(work).scalar(select(ROW.c.body).where(ROW.c.id == id))
    return Response((body or "").encode(), media_type="application/json")


class Client:
    """One open connection with a token."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> tuple[float, bytes]:
        """Milliseconds and the answer."""
        sent = json.dumps(body) if body is not None else None
        began = time.perf_counter()
        self._connection.request(method, f"/{path}", sent, self._headers)
        answer = self._connection.getresponse()
        found = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {found[:300]!r}")
        return took, found


@contextmanager
def served(services: bootstrap.Services) -> Iterator[int]:
    """Pages, API and the reference on a port, in this process."""
    sock = listen("127.0.0.1:0")
    server = Server(
        create_app(services, more=[Router("/", route_handlers=[row_of])]), services.settings, services.broker
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield sock.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def measure(client: Client, people: int, mails: int) -> None:
    """Ask by turns, and print percentiles and ratios."""
    luck = random.Random()
    numbers = [luck.randrange(mails) for _ in range(QUESTIONS)]
    ids = [_id(luck.randrange(people)) for _ in range(QUESTIONS)]

    def message(at: int) -> float:
        return client.ask("POST", "api/v1/summary", {"message_id": f"{numbers[at]}@x.example"})[0]

    def customer(at: int) -> float:
        return client.ask("GET", f"api/v1/customers/{ids[at]}/summary")[0]

    def row(at: int) -> float:
        return client.ask("GET", f"benchmark/{at}")[0]

    asked = {"message": message, "customer": customer, "row": row}
    print(f"{'run':5}" + "".join(f"{name:>12} p50   p99 " for name in asked))
    first = {name: [ask(at) for at in range(QUESTIONS)] for name, ask in asked.items()}
    print(
        "first"
        + "".join(f"{median(took):>12.2f} {quantiles(took, n=100)[98]:>8.2f}" for took in first.values())
        + "  ms"
    )
    ratios: dict[str, list[tuple[float, float]]] = {"message": [], "customer": []}
    for run in range(RUNS):
        took: dict[str, list[float]] = {name: [] for name in asked}
        gc.collect()
        for at in luck.sample(range(QUESTIONS), QUESTIONS):
            for name, ask in asked.items():
                took[name].append(ask(at))
        found = {name: (median(times), quantiles(times, n=100)[98]) for name, times in took.items()}
        print(f"{run + 1:<5}" + "".join(f"{p50:>12.2f} {p99:>8.2f}" for p50, p99 in found.values()) + "  ms")
        for name, known in ratios.items():
            known.append((found[name][0] / found["row"][0], found[name][1] / found["row"][1]))
    for name, known in ratios.items():
        p50, p99 = (median(column) for column in zip(*known, strict=True))
        met = "met" if p99 <= 1.5 else "MISSED"
        print(f"{name:10} against one row: p50 {p50:.2f} ×, p99 {p99:.2f} ×   goal p99 ≤ 1.5: {met}")


def main() -> None:
    """Fill a pool, serve it, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--url", default="", help="an empty database instead of an SQLite file")
    parser.add_argument("--keep", type=Path, help="a folder for the pool, used again when it is there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        url = given.url or f"sqlite:///{home}/pool.sqlite"
        (home / "kingpost.toml").write_text(
            f'[firm]\ndomains = ["firma.example"]\n[pool]\nurl = "{url}"\nblobs = "{home}/blobs"\n'
        )
        settings = load(home / "kingpost.toml")
        made = home / "made"
        with bootstrap.opened_pool(settings, create=True) as pool:
            if not made.exists():
                fill(pool, given.customers, given.interactions)
                made.touch()
        with bootstrap.assembled(settings) as services:
            token = _token(services)
            with served(services) as port:
                client = Client(port, token)
                _reference(url, client.ask("GET", f"api/v1/customers/{_id(7)}/summary")[1])
                print(
                    f"{given.customers:,} customers, {given.interactions:,} interactions, {os.cpu_count()} cores, load"
                    f" {os.getloadavg()[0]:.1f}"
                )
                measure(client, given.customers, min(given.interactions // 10, MOST_MAILS))


def _token(services: bootstrap.Services) -> str:
    login = f"reader-{secrets.token_hex(4)}"
    services.access.add(Staff(login, "Reader", Role.ADMIN), secrets.token_urlsafe())
    return services.access.new_token(login, "benchmark", {"read"})


def _reference(url: str, body: bytes) -> None:
    """A table with rows as large as a summary, beside Kingpost's own."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        ROW.drop(connection, checkfirst=True)
        ROW.create(connection)
        connection.execute(insert(ROW), [{"id": str(number), "body": body.decode()} for number in range(1000)])
    engine.dispose()


if __name__ == "__main__":
    main()
