"""Handing somebody what is stored of them (GDPR, articles 15 and 20): one zip with a page, a JSON and their mails.

    index.html            to read: everything in order, nothing loaded from anywhere
    export.json           the same for programs; docs/privacy.md names the keys
    mails/12.eml          each mail as it came
    attachments/12/…      its attachments
    documents/34/…        letters and fax as they were kept

Everything is written as it is read, so that memory holds one mail at a time.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from assistant.export_page import Page
from assistant.privacy import Found
from rules.terms.errors import NotFound
from rules.terms.mail import Address
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from storage.exporting import SECTIONS, Section, Subject
from storage.placements import chunks
from storage.pool import Pool, Work

FORM = 1
_FEW = 20
# Sections that repeat what stands in cases.
_OF_CASES = ("cases", "case_events", "outgoing", "invitations")
_UNFIT = re.compile(r"[^\w.\- ]")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes out: `mails`, of those `withheld` the day only; `groups` are fields that the reader may not see."""

    subject: Subject
    mails: tuple[int, ...]
    withheld: frozenset[int]
    groups: frozenset[str]


def export(
    pool: Pool, found: Found, out: IO[bytes], *, language: str, now: datetime, viewer: Viewer | None = None
) -> None:
    """Write the zip of what was found.

    Args:
        pool: where it stands, read in one snapshot.
        found: whose data (assistant.privacy).
        out: the file to write to.
        language: of the page.
        now: when it is made.
        viewer: who asks; of mail in mailboxes that are closed to them the day stands alone, and the export says so.
            None sees all: the administrator's own machine.
    """
    with pool.read() as work, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        plan = _plan(work, found, viewer)
        with archive.open("export.json", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as text:
            text.writelines(_json(work, found, plan, viewer, now))
        with archive.open("index.html", "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8") as text:
            page = Page(language, found.name, now, withheld=len(plan.withheld), groups=plan.groups)
            text.writelines(page.head())
            for section in SECTIONS:
                text.writelines(page.section(section.name, _rows(work, section, plan)))
            mails = _mails(work, plan, viewer, texts=True)
            text.writelines(page.mails(_mail_row(mail, closed=mail.no in plan.withheld) for mail in mails))
        for mail in _mails(work, plan, viewer, texts=False):
            if mail.no not in plan.withheld:
                _add_files(archive, pool, mail)
        subject = plan.subject
        for entry, digest, name in work.documents.files_of(sorted(subject.customers), sorted(subject.contacts)):
            _add_file(archive, pool, f"documents/{entry}/{_clean(name)}", digest)


def _plan(work: Work, found: Found, viewer: Viewer | None) -> Plan:
    """Their mails, and those of the shared ones that are nobody else's."""
    shared = []
    for chunk in chunks(sorted(found.shared), _FEW):
        for no, mail in work.messages.get_many(chunk, 0).items():
            whose = mail.match.customer_id
            if whose is None or whose in found.customers or mail.match.contact_id in found.contacts:
                shared.append(no)
    mails = tuple(sorted({*found.mails, *shared}))
    closed: set[int] = set()
    if viewer is not None:
        for chunk in chunks(mails, _FEW):
            for no, mail in work.messages.get_many(chunk, 0).items():
                if not mail.mailboxes & viewer.mailboxes:
                    closed.add(no)
    groups = {
        one.group.value for one in SECTIONS if one.group and viewer is not None and one.group not in viewer.groups
    }
    subject = Subject(found.customers, frozenset() if found.customers else found.contacts, found.addresses)
    return Plan(subject, mails, frozenset(closed), frozenset(groups))


def _rows(work: Work, section: Section, plan: Plan) -> Iterator[dict[str, Any]]:
    """A section's rows as the reader may see them: nothing of a closed mail but that it is there."""
    if section.group is not None and section.group.value in plan.groups:
        return
    closed_cases = _closed_cases(work, plan) if section.name in _OF_CASES and plan.withheld else set()
    for row in work.exporting.rows(section, plan.subject, plan.mails):
        if row.get("message") in plan.withheld:
            # That there was contact, and on which day.
            yield {"message": row["message"], "day": str(row.get("date") or "")[:10], "withheld": True}
        elif row.get("id" if section.name == "cases" else "case") in closed_cases:
            yield {"withheld": True}
        else:
            yield row


def _closed_cases(work: Work, plan: Plan) -> set[int]:
    """The cases that some mail opened which the reader may not read, and none that they may."""
    closed = {case.id for case in work.cases.of_messages(plan.withheld).values()}
    open_ones = set(plan.mails) - plan.withheld
    return closed - {case.id for case in work.cases.of_messages(open_ones).values()}


def _mails(work: Work, plan: Plan, viewer: Viewer | None, *, texts: bool) -> Iterator[PooledMessage]:
    for no in plan.mails:
        mail = work.messages.get(no, None if texts and no not in plan.withheld else 0)
        if mail is None:
            continue
        if viewer is not None and not mail.mailboxes <= viewer.mailboxes:
            # Hidden recipients stand only in the sender's own copy, which may be a colleague's.
            mail = replace(mail, message=replace(mail.message, bcc=()))
        yield mail


def _mail_row(mail: PooledMessage, *, closed: bool) -> dict[str, Any]:
    message = mail.message
    day = (message.date or mail.arrived).date().isoformat()
    if closed:
        return {"number": mail.no, "direction": mail.direction.value, "day": day, "withheld": True}
    return {
        "number": mail.no,
        "direction": mail.direction.value,
        "message_id": message.message_id,
        "date": message.date.isoformat() if message.date else None,
        "arrived": mail.arrived.isoformat(),
        "from": _address(message.sender),
        "reply_to": [_address(one) for one in message.reply_to],
        "to": [_address(one) for one in message.to],
        "cc": [_address(one) for one in message.cc],
        "bcc": [_address(one) for one in message.bcc],
        "subject": message.subject,
        "text": message.text,
        "mailboxes": sorted(mail.mailboxes),
        "raw": f"mails/{mail.no}.eml",
        "attachments": [
            {
                "name": file.name,
                "type": file.content_type,
                "size": file.size,
                "file": _file(mail.no, position, file.name),
            }
            for position, file in enumerate(message.attachments)
        ],
    }


def _address(address: Address) -> dict[str, str]:
    return {"address": address.addr, "name": address.name}


def _file(no: int, position: int, name: str) -> str:
    """A name inside the zip that cannot lead out of it, unlike what a stranger called the file."""
    return f"attachments/{no}/{position + 1}-{_clean(name)}"


def _clean(name: str) -> str:
    return _UNFIT.sub("_", name)[-_LONGEST:].strip(". ") or "file"


def _add_files(archive: zipfile.ZipFile, pool: Pool, mail: PooledMessage) -> None:
    files = [(f"mails/{mail.no}.eml", mail.raw_digest)]
    files += [(_file(mail.no, at, file.name), file.digest) for at, file in enumerate(mail.message.attachments)]
    for name, digest in files:
        _add_file(archive, pool, name, digest)


def _add_file(archive: zipfile.ZipFile, pool: Pool, name: str, digest: str) -> None:
    try:
        archive.writestr(name, pool.blobs.get(digest))
    except NotFound:
        archive.writestr(f"{name}.missing", b"")


def _json(work: Work, found: Found, plan: Plan, viewer: Viewer | None, now: datetime) -> Iterator[str]:
    head = {
        "kingpost_export": FORM,
        "made": now.isoformat(),
        "name": found.name,
        "withheld": {"mails": len(plan.withheld), "groups": sorted(plan.groups)},
        "addresses": sorted(found.addresses),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1]
    for section in SECTIONS:
        yield f',\n"{section.name}": '
        yield from _array(_rows(work, section, plan))
    yield ',\n"mails": '
    mails = _mails(work, plan, viewer, texts=True)
    yield from _array(_mail_row(mail, closed=mail.no in plan.withheld) for mail in mails)
    yield "}\n"


def _array(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "]"
