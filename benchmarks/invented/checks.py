"""Is the truth of a set derivable from its records? Looks for whatever has two owners, or none."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

# Situations whose very point is that two records share an address, a telephone or a name.
SHARED_ADDRESS = frozenset(
    {"stored_twice", "accountant_of_several", "household_resolved", "household_undecided", "household_on_one_address"}
)


def problems(folder: Path) -> list[str]:
    """What is wrong with the set in the folder; empty when the truth can be told from mails and records."""
    tables = {name: _rows(folder / f"{name}.csv") for name in ("customers", "contacts", "references", "threads")}
    truth = _lines(folder / "truth.jsonl")
    mails = {str(mail["id"]): mail for mail in _lines(folder / "mails.jsonl")}
    return [*_loose_ends(tables, truth, mails), *_owners(tables), *_senders(tables, truth, mails)]


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def _loose_ends(
    tables: dict[str, list[dict[str, str]]], truth: list[dict[str, object]], mails: dict[str, dict[str, object]]
) -> Iterable[str]:
    customers = {row["customer_id"] for row in tables["customers"]}
    owner = {row["contact_id"]: row["customer_id"] for row in tables["contacts"]}
    for name in ("contacts", "references", "threads"):
        for row in tables[name]:
            if row["customer_id"] not in customers:
                yield f"{name}: nobody is {row['customer_id']}"
    if {one["id"] for one in truth} != mails.keys():
        yield "mails and truth name different mails"
    for one in truth:
        accept = one["accept"]
        where = f"{one['id']} ({one['situation']})"
        if not isinstance(accept, list) or not set(accept) <= customers or len(set(accept)) != len(accept):
            yield f"{where}: accepts somebody who is not there, or twice"
            continue
        if (one["kind"] in {"customer", "candidates"}) != bool(accept):
            yield f"{where}: {one['kind']} with {len(accept)} accepted"
        if one["kind"] == "customer" and one["customer"] not in accept:
            yield f"{where}: the best one is not accepted"
        if one["contact"] and owner.get(str(one["contact"])) not in accept:
            yield f"{where}: the contact belongs to somebody else"
        if one["kind"] == "spoof" and one.get("impersonated") not in customers | {"own"}:
            yield f"{where}: nobody is impersonated"


def _owners(tables: dict[str, list[dict[str, str]]]) -> Iterable[str]:
    """Numbers that must have one owner each."""
    for name, column in (("customers", "customer_id"), ("customers", "customer_no"), ("customers", "vat_id")):
        yield from _twice(f"{name}.{column}", (row[column] for row in tables[name]))
    yield from _twice("contacts.contact_id", (row["contact_id"] for row in tables["contacts"]))
    yield from _twice("references.number", (row["number"] for row in tables["references"]))
    yield from _twice("threads.message_id", (row["message_id"] for row in tables["threads"]))
    yield from _twice("contacts.mobile", (_digits(row["mobile"]) for row in tables["contacts"]))


def _twice(what: str, values: Iterable[str]) -> Iterable[str]:
    return [f"{what}: {value} {count} times" for value, count in Counter(values).items() if value and count > 1]


def _digits(phone: str) -> str:
    """A number's last digits, which no way of writing changes."""
    return "".join(char for char in phone if char.isdigit())[-8:]


def _senders(
    tables: dict[str, list[dict[str, str]]], truth: list[dict[str, object]], mails: dict[str, dict[str, object]]
) -> Iterable[str]:
    """Whose address is it? A known one must be accepted, a stranger's must be unknown."""
    owners: dict[str, set[str]] = defaultdict(set)
    domains: dict[str, set[str]] = defaultdict(set)
    for row in (*tables["customers"], *tables["contacts"]):
        for column in ("email", "email2"):
            if row.get(column):
                owners[row[column].lower()].add(row["customer_id"])
        host = row.get("domain", "").removeprefix("https://").removeprefix("www.").rstrip("/")
        if host:
            domains[host].add(row["customer_id"])
    for one in truth:
        where = f"{one['id']} ({one['situation']})"
        headers = {str(name): str(value) for name, value in _headers(mails[str(one["id"])])}
        address = headers["From"].rpartition("<")[2].rstrip(">").lower()
        known = owners.get(address, set()) | domains.get(address.rpartition("@")[2], set())
        accept = set(_texts(one["accept"]))
        if one["kind"] == "unknown" and known:
            yield f"{where}: {address} is known"
        if one["kind"] in {"customer", "candidates"} and owners.get(address) and not owners[address] & accept:
            yield f"{where}: {address} is somebody else's"
        others = owners.get(address, set()) - accept
        if one["kind"] == "customer" and others and one["situation"] not in SHARED_ADDRESS:
            yield f"{where}: {address} is also somebody else's"
        failed = "dmarc=fail" in headers.get("Authentication-Results", "") or "Reply-To" in headers
        if one["kind"] == "spoof" and known and not failed and "dmarc=fail" not in str(_headers(mails[str(one["id"])])):
            yield f"{where}: {address} is known and nothing shows the pretence"


def _headers(mail: dict[str, object]) -> list[list[str]]:
    headers = mail["headers"]
    return headers if isinstance(headers, list) else []


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []
