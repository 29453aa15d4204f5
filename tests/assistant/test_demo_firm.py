"""What the demo firm promises: enough mail, cleanly readable, threads that hang together, and no real person in it."""

import csv
import io
import re
from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from assistant.demo.firm import FIRM, DemoMail, arrivals, mails, tables

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 19, 11, 30, tzinfo=BERLIN)
ODD_TIMES = (
    NOW,
    datetime(2026, 11, 21, 0, 20, tzinfo=BERLIN),  # the small hours of a Saturday
    datetime(2027, 3, 30, 14, 0, tzinfo=BERLIN),  # two days after the clocks changed
)
RELATIVE = re.compile(r"[-+]\d+d( \d\d:\d\d)?")
FICTIONAL_PHONES = re.compile(
    r"(\+49 |0)?(0?40 66969\d{3}|0?69 90009\d{3}|0?221 4710\d{3}|171 39200\d\d|176 040690\d\d)"
)


@cache
def held(now: datetime = NOW) -> list[DemoMail]:
    """The mailboxes, composed once for all tests."""
    return mails(now)


def read(mail: DemoMail) -> EmailMessage:
    """The mail as the standard library reads it."""
    return message_from_bytes(mail.raw, policy=policy.default)


@cache
def letters(now: datetime = NOW) -> list[EmailMessage]:
    """Every mail of the firm, read."""
    return [read(mail) for mail in (*held(now), *arrivals(now))]


def rows(name: str) -> list[dict[str, str]]:
    """One of the firm's tables."""
    return list(csv.DictReader(io.StringIO(tables(NOW)[name])))


def sender(message: EmailMessage) -> str:
    """The bare address in From."""
    return str(message["From"].addresses[0].addr_spec).lower()


def text(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def test_there_is_enough_to_look_at() -> None:
    places = Counter((mail.mailbox, mail.folder) for mail in held())
    assert set(places) == {
        ("office", "INBOX"), ("office", "Sent"), ("office", "Archive"), ("sales", "INBOX"), ("sales", "Sent"),
    }  # fmt: skip
    assert sum(places.values()) >= 440
    assert min(places.values()) >= 15
    assert 12 <= len(arrivals(NOW)) <= 15
    assert {name: len(rows(name)) >= least for name, least in LEAST.items()} == dict.fromkeys(LEAST, True)


LEAST = {"customers": 60, "contacts": 90, "references": 200, "interactions": 120}


def test_every_mail_parses_without_defects() -> None:
    for message in letters():
        assert not message.defects
        assert not [defect for part in message.walk() for defect in part.defects]
        assert not [defect for value in message.values() for defect in value.defects]
        assert all(message[name] for name in ("From", "Date", "Message-ID", "Subject"))
        assert text(message).strip()


def test_no_mail_shows_a_placeholder() -> None:
    assert not [str(message["Subject"]) for message in letters() if re.search(r"[{}]", text(message))]


def test_the_same_moment_gives_the_same_bytes() -> None:
    assert mails(NOW) == held()
    assert tables(NOW) == tables(NOW)


def test_a_naive_clock_is_the_firms_own() -> None:
    assert [mail.date for mail in arrivals(NOW.replace(tzinfo=None))] == [mail.date for mail in arrivals(NOW)]


@pytest.mark.parametrize("now", ODD_TIMES, ids=str)
def test_mails_come_oldest_first_and_never_from_the_future(now: datetime) -> None:
    dates = [mail.date for mail in held(now)]
    assert dates == sorted(dates)
    assert dates[-1] <= now
    assert now - dates[-1] < timedelta(days=3)
    coming = [mail.date for mail in arrivals(now)]
    assert coming == sorted(coming)
    assert coming[0] > now


@pytest.mark.parametrize("now", ODD_TIMES, ids=str)
def test_threads_link_and_answers_come_after_questions(now: datetime) -> None:
    seen: dict[str, EmailMessage] = {}
    answers = 0
    for message in letters(now):
        if parent := str(message["In-Reply-To"] or "").strip():
            answers += 1
            assert parent in seen, message["Subject"]
            assert str(message["References"]).split()[-1] == parent
            assert seen[parent]["Date"].datetime < message["Date"].datetime
        seen[str(message["Message-ID"]).strip()] = message
    assert answers > 200


def test_a_mail_in_two_mailboxes_is_one_message() -> None:
    found: dict[str, list[DemoMail]] = {}
    for mail in held():
        found.setdefault(str(read(mail)["Message-ID"]), []).append(mail)
    copies = [group for group in found.values() if len(group) > 1]
    assert len(copies) >= 2
    for one, two in copies:
        assert {one.mailbox, two.mailbox} == {"office", "sales"}
        assert text(read(one)) == text(read(two))


def test_the_spoofed_key_account_is_marked_by_our_own_server() -> None:
    contacts = {row["email"]: row["customer_id"] for row in rows("contacts")}
    key_accounts = {row["customer_id"] for row in rows("customers") if row["key_account"] == "1"}
    spoofed = [message for message in letters() if "dmarc=fail" in str(message["Authentication-Results"])]
    assert spoofed
    for message in spoofed:
        assert str(message["Authentication-Results"]).startswith(FIRM.authserv_id)
        assert contacts[sender(message)] in key_accounts


def test_the_look_alike_domain_is_nobody_we_know() -> None:
    known = {row["domain"] for row in rows("customers")}
    assert "elbkai-hotels.example" in known
    assert "elbkai-hoteis.example" not in known
    assert "elbkai-hoteis.example" in {sender(message).partition("@")[2] for message in letters()}


def test_our_own_mails_carry_no_verdict_and_everybody_elses_do() -> None:
    own = {address for _, address in FIRM.staff} | set(FIRM.shared)
    for message in letters():
        assert (sender(message) in own) != ("Authentication-Results" in message)
        assert len(message.get_all("Received", [])) == (0 if sender(message) in own else 2)


def test_both_languages_are_there() -> None:
    language = {row["email"]: row["language"] for row in rows("contacts")}
    written = Counter(language[sender(message)] for message in letters() if sender(message) in language)
    assert written["de"] > written["en"] > written["de"] // 4


def test_the_machines_say_that_they_are_machines() -> None:
    kinds = Counter(
        kind
        for message in letters()
        for kind, here in {
            "newsletter": "List-Unsubscribe-Post" in message or message["Precedence"] == "bulk",
            "list": message["Precedence"] == "list",
            "auto-reply": message["Auto-Submitted"] == "auto-replied",
            "bounce": message.get_content_type() == "multipart/report",
            "calendar": any(part.get_content_type() == "text/calendar" for part in message.walk()),
            "attachment": any(True for _ in message.iter_attachments()),
            "web form": sender(message) in FIRM.web_form_senders,
            "fax": sender(message) in FIRM.fax_gateways,
        }.items()
        if here
    )
    assert kinds["newsletter"] >= 2
    assert kinds["auto-reply"] >= 4
    assert kinds["attachment"] >= 20
    assert min(kinds[kind] for kind in ("list", "bounce", "calendar", "web form", "fax")) >= 1


def test_what_is_answered_is_read_and_what_is_new_is_not() -> None:
    assert {"\\Seen"} < frozenset.union(*(mail.flags for mail in held()))
    for mail in held():
        assert "\\Seen" in mail.flags or "\\Answered" not in mail.flags
        assert "\\Seen" in mail.flags or NOW - mail.date < timedelta(days=1)
    assert len([mail for mail in held() if "\\Seen" not in mail.flags]) >= 10
    assert all(mail.folder == "INBOX" and not mail.flags for mail in arrivals(NOW))


def test_the_tables_fit_together() -> None:
    customers = [row["customer_id"] for row in rows("customers")]
    assert len(set(customers)) == len(customers)
    for name in ("contacts", "consents", "references", "interactions"):
        assert {row["customer_id"] for row in rows(name)} <= set(customers)
    for unique in ("contact_id", "email"):
        values = [row[unique] for row in rows("contacts")]
        assert len(set(values)) == len(values)
    numbers = [row["number"] for row in rows("references")]
    assert len(set(numbers)) == len(numbers)
    assert {row["staff"] for row in rows("interactions")} <= {name for name, _ in FIRM.staff}


def test_somebody_consented_somebody_withdrew_and_somebody_objects() -> None:
    people = {row["contact_id"]: row["customer_id"] for row in rows("contacts")}
    said = rows("consents")
    assert all(people[row["contact_id"]] == row["customer_id"] for row in said if row["contact_id"])
    assert {row["state"] for row in said if row["purpose"] == "email"} == {"given", "withdrawn"}
    assert [row["customer_id"] for row in rows("customers") if row["advertising"] == "no"]


def test_the_customers_are_of_every_kind() -> None:
    customers = rows("customers")
    assert {row["kind"] for row in customers} == {"firm", "person"}
    assert {row["status"] for row in customers} == {"active", "dormant", "lost", "lead"}
    parties = {part for row in customers for part in row["party"].split("|")}
    assert parties >= {"customer", "supplier", "authority", "partner"}
    assert sum(row["key_account"] == "1" for row in customers) >= 5


def test_the_tables_hold_absolute_dates() -> None:
    for name in tables(NOW):
        assert not [
            row for row in rows(name) if any(RELATIVE.fullmatch(value) or "{" in value for value in row.values())
        ]
    for row in rows("interactions"):
        assert datetime.fromisoformat(row["date"]).replace(tzinfo=BERLIN) <= NOW


def test_nobody_in_the_demo_is_real() -> None:
    written = "\n".join("\n".join((*map(str, message.values()), text(message))) for message in letters())
    domains = {domain.rstrip(".").lower() for domain in re.findall(r"@([\w.-]+)", written)}
    assert not [domain for domain in domains if not domain.endswith(".example")]
    for row in (*rows("customers"), *rows("contacts")):
        for kind in ("phone", "fax", "mobile"):
            number = row.get(kind, "")
            assert not number or number.startswith("+44 1632 960") or FICTIONAL_PHONES.fullmatch(number), number
