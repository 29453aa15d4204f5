"""Composes raw mails (RFC 5322) the way real mail programs do, each with its own habits of encoding and quoting."""

import html
import re
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from assistant.demo.attachments import Paper
from assistant.demo.dates import DAYS_DE, DAYS_EN, MONTHS_DE, MONTHS_EN
from assistant.demo.people import Person


@dataclass(frozen=True, slots=True)
class Client:
    """A mail program and what can be seen of it in its mails."""

    header: tuple[str, str] | None
    id_form: str
    encoding: str = "quoted-printable"
    charset: str = "utf-8"
    reply: str = "Re: "
    html: bool = False
    block_quote: bool = False  # "Von: … Gesendet: …" instead of "> "
    flowed: bool = False


CLIENTS = {
    "outlook": Client(
        ("X-Mailer", "Microsoft Outlook 16.0"), "{up20}@{host}.{domain}", reply="AW: ", html=True, block_quote=True
    ),
    "outlook-en": Client(
        ("X-Mailer", "Microsoft Outlook 16.0"), "{up20}@{host}.{domain}", reply="RE: ", html=True, block_quote=True
    ),
    "thunderbird": Client(
        ("User-Agent", "Mozilla Thunderbird"), "{uuid}@{domain}", encoding="8bit", flowed=True
    ),
    "apple": Client(("X-Mailer", "Apple Mail (2.3774)"), "{UUID}@{domain}"),
    "iphone": Client(("X-Mailer", "iPhone Mail (21F90)"), "{UUID}@{domain}", html=True),
    "android": Client(("User-Agent", "K-9 Mail for Android"), "{UP}@{domain}", encoding="base64"),
    "webmail": Client(
        ("X-Mailer", "Webmail 7.4"), "webmail-{uuid}@{domain}", reply="Aw: ", html=True
    ),
    "notes": Client(
        ("X-Mailer", "Lotus Notes 9"), "OF{up20}-ON{up8}@{domain}", charset="iso-8859-1", reply="Antwort: "
    ),
    "roundcube": Client(("User-Agent", "Roundcube Webmail/1.6"), "{hex32}@{domain}", encoding="8bit"),
    "system": Client(("X-Mailer", "PHPMailer 6.9"), "{hex32}@{domain}", encoding="base64"),
    "bulk": Client(("X-Mailer", "Rundpost 4.2"), "{hex20}.{up8}@{domain}", html=True),
    "mta": Client(None, "{hex20}@{domain}", encoding="8bit"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Server:
    """The firm's own mail server, which adds its trace and its verdict to what comes in."""

    name: str
    authserv_id: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting to which the mail invites."""

    begin: datetime
    length: timedelta
    place: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server reports about a mail it could not deliver."""

    recipient: str
    diagnostic: str
    original: "Draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail with everything decided but its bytes."""

    id: str
    date: datetime
    sender: Person
    to: tuple[Person, ...]
    subject: str
    text: str
    client: Client
    cc: tuple[Person, ...] = ()
    parents: tuple["Draft", ...] = ()
    html: str = "no"
    auth: str = "pass"
    headers: tuple[tuple[str, str], ...] = ()
    papers: tuple[Paper, ...] = ()
    invitation: Invitation | None = None
    bounce: Bounce | None = None
    quote: bool = True

    @property
    def message_id(self) -> str:
        """The Message-ID, in the form of the mail program; the same for the same mail on the same date."""
        digest = sha256(f"{self.id} {self.date.isoformat()}".encode()).hexdigest()
        uuid = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
        inner = self.client.id_form.format(
            domain=self.sender.domain,
            host=f"mbx{int(digest[:2], 16) % 4 + 1}",
            uuid=uuid,
            UUID=uuid.upper(),
            UP=digest[:24].upper(),
            up20=digest[:20].upper(),
            up8=digest[20:28].upper(),
            hex20=digest[:20],
            hex32=digest[:32],
        )
        return f"<{inner}>"

    @property
    def full_text(self) -> str:
        """The text with the quoted mail below it, as the program leaves it."""
        if not self.quote or not self.parents:
            return self.text
        return f"{self.text}\n\n{quotation(self.parents[-1], self)}"


def reply_subject(subject: str, client: Client) -> str:
    """The subject of an answer."""
    return client.reply + re.sub(r"^((aw|re|antwort|wg|fwd?): *)+", "", subject, flags=re.IGNORECASE)


def quotation(parent: Draft, answer: Draft) -> str:
    """The mail that is answered, quoted as the answering program does it."""
    english = answer.to[0].language == "en" or answer.sender.language == "en"
    when = parent.date
    if answer.client.block_quote:
        words = ("From", "Sent", "To", "Subject") if english else ("Von", "Gesendet", "An", "Betreff")
        to = "; ".join(person.name or person.address for person in parent.to)
        spoken = (
            f"{DAYS_EN[when.weekday()]}, {when.day} {MONTHS_EN[when.month - 1]} {when:%Y %H:%M}"
            if english
            else f"{DAYS_DE[when.weekday()]}, {when.day}. {MONTHS_DE[when.month - 1]} {when:%Y %H:%M}"
        )
        sender = f"{parent.sender.name} <{parent.sender.address}>".strip()
        head = "\n".join(
            f"{word}: {value}" for word, value in zip(words, (sender, spoken, to, parent.subject), strict=True)
        )
        return f"{head}\n\n{parent.full_text}"
    name = parent.sender.name or parent.sender.address
    intro = (
        f"On {when.day} {MONTHS_EN[when.month - 1][:3]} {when:%Y}, at {when:%H:%M}, {name} wrote:"
        if english
        else f"Am {when:%d.%m.%Y} um {when:%H:%M} schrieb {name}:"
    )
    return intro + "\n\n" + "\n".join(f"> {line}".rstrip() for line in parent.full_text.split("\n"))


def raw(draft: Draft, server: Server, delivered_to: str) -> bytes:
    """The mail as it lies in the mailbox of this address."""
    message = EmailMessage(policy=SMTP)
    if not draft.sender.staff:
        for name, value in _trace(draft, server, delivered_to):
            message[name] = value
    message["From"] = _address(draft.sender)
    message["To"] = [_address(person) for person in draft.to]
    if draft.cc:
        message["Cc"] = [_address(person) for person in draft.cc]
    message["Subject"] = draft.subject
    message["Date"] = draft.date
    message["Message-ID"] = draft.message_id
    if draft.parents:
        message["In-Reply-To"] = draft.parents[-1].message_id
        message["References"] = " ".join(parent.message_id for parent in draft.parents)
    if draft.client.header:
        message[draft.client.header[0]] = draft.client.header[1]
    for name, value in draft.headers:
        if name != "Return-Path":
            message[name] = value
    _fill(message, draft)
    _fix_boundaries(message, draft.id)
    return message.as_bytes()


def _address(person: Person) -> Address:
    return Address(display_name=person.name, addr_spec=person.address)


def _trace(draft: Draft, server: Server, delivered_to: str) -> list[tuple[str, str]]:
    """Return-Path, the verdict and two hops, newest first."""
    person, digest = draft.sender, sha256(draft.id.encode()).hexdigest()
    block = ("192.0.2", "198.51.100", "203.0.113")[int(digest[0], 16) % 3]
    outside = f"{block}.{int(digest[:2], 16) % 250 + 2}"
    liar = draft.auth == "fail"
    host = f"vps{digest[:4]}.cheap-hosting.example" if liar else f"mail.{person.domain}"
    lines = []
    given = dict(draft.headers).get("Return-Path")
    lines.append(("Return-Path", given or f"<{f'bounce@{host}' if liar else person.address}>"))
    verdicts = {
        "pass": f"spf=pass smtp.mailfrom={person.domain}; dkim=pass header.d={person.domain};"
        f" dmarc=pass header.from={person.domain}",
        "fail": f"spf=pass smtp.mailfrom={host}; dkim=none; dmarc=fail (p=reject) header.from={person.domain}",
        "none": f"spf=none smtp.mailfrom={person.domain}; dkim=none; dmarc=none header.from={person.domain}",
    }
    received = draft.date + timedelta(seconds=int(digest[2:4], 16) % 6 + 2)
    by = (
        f"from {host} ({host} [{outside}]) by {server.name} (Postfix) with ESMTPS id 4{digest[:10].upper()}"
        f" for <{delivered_to}>; {format_datetime(received)}"
    )
    submitted = draft.date + timedelta(seconds=1)
    before = (
        f"from [10.{int(digest[4:6], 16)}.{int(digest[6:8], 16)}.{int(digest[8:10], 16)}] by {host}"
        f" with ESMTPSA id {digest[10:22]}; {format_datetime(submitted)}"
    )
    lines.append(("Received", by))
    lines.append(("Authentication-Results", f"{server.authserv_id}; {verdicts[draft.auth]}"))
    lines.append(("Received", before))
    return lines


def _fill(message: EmailMessage, draft: Draft) -> None:
    """Text, HTML, invitation, report and attachments."""
    client, text = draft.client, draft.full_text + "\n"
    if draft.bounce:
        _fill_report(message, draft, draft.bounce)
        return
    if client.flowed:
        message.set_content(_flowed(text), charset=client.charset, cte=client.encoding, params={"format": "flowed"})
    else:
        charset = client.charset if _fits(text, client.charset) else "utf-8"
        message.set_content(text, charset=charset, cte=client.encoding)
    if draft.html != "no":
        cte = "quoted-printable" if client.encoding == "8bit" else client.encoding
        message.add_alternative(as_html(text, draft), subtype="html", charset="utf-8", cte=cte)
    if draft.invitation:
        message.add_alternative(_calendar(draft, draft.invitation), subtype="calendar", cte="base64")
        message_part = list(message.iter_parts())[-1]
        message_part.set_param("method", "REQUEST")
    for paper in draft.papers:
        message.add_attachment(
            paper.content, maintype=paper.maintype, subtype=paper.subtype, filename=paper.name, cte="base64"
        )


def _fill_report(message: EmailMessage, draft: Draft, bounce: Bounce) -> None:
    """A delivery status notification (RFC 3464)."""
    message["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    message["MIME-Version"] = "1.0"
    words = MIMEPart(policy=SMTP)
    words.set_content(draft.text + "\n", charset="utf-8", cte="8bit")
    status = MIMEPart(policy=SMTP)
    per_message, per_recipient = MIMEPart(policy=SMTP), MIMEPart(policy=SMTP)
    per_message["Reporting-MTA"] = f"dns; mail.{draft.sender.domain}"
    per_recipient["Final-Recipient"] = f"rfc822; {bounce.recipient}"
    per_recipient["Action"] = "failed"
    per_recipient["Status"] = "5.1.1"
    per_recipient["Diagnostic-Code"] = f"smtp; {bounce.diagnostic}"
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([per_message, per_recipient])
    original = MIMEPart(policy=SMTP)
    original["Content-Type"] = "text/rfc822-headers; charset=us-ascii"
    sent = bounce.original
    original.set_payload(
        f"From: <{sent.sender.address}>\nTo: <{bounce.recipient}>\nMessage-ID: {sent.message_id}\n"
        f"Date: {format_datetime(sent.date)}\n"
    )
    message.set_payload([words, status, original])


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _flowed(text: str) -> str:
    """Long lines broken softly (RFC 3676): a space before the line end says that the paragraph goes on."""
    lines = []
    for line in text.rstrip("\n").split("\n"):
        if len(line) <= 76 or line.startswith(">"):
            lines.append(line)
        else:
            lines += [f"{piece} " for piece in textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False)]
            lines[-1] = lines[-1].rstrip(" ")
    return "\n".join(lines) + "\n"


def as_html(text: str, draft: Draft) -> str:
    """The text as HTML; paragraphs, quotations, and for newsletters a frame with a counting picture."""
    blocks = []
    for block in text.strip("\n").split("\n\n"):
        lines = block.split("\n")
        if all(line.startswith(">") for line in lines):
            inner = "<br>\n".join(html.escape(line.lstrip("> ")) for line in lines)
            blocks.append(f'<blockquote type="cite">{inner}</blockquote>')
        elif lines[0].startswith(("Von: ", "From: ")) and draft.parents:
            inner = "<br>\n".join(
                re.sub(r"^([A-Z]\w+:)", r"<b>\1</b>", html.escape(line, quote=False)) for line in lines
            )
            blocks.append(f'<div style="border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0"><p>{inner}</p></div>')
        else:
            blocks.append("<p>" + "<br>\n".join(html.escape(line, quote=False) for line in lines) + "</p>")
    body = "\n".join(blocks)
    if draft.html == "newsletter":
        mark = sha256(draft.id.encode()).hexdigest()[:16]
        counter = f'<img src="https://news.{draft.sender.domain}/o/{mark}.gif" alt="">'
        body = (
            '<table width="600" align="center" cellpadding="16" style="font-family:sans-serif"><tr><td>'
            f"<h1>{html.escape(draft.subject)}</h1>\n{body}\n{counter}</td></tr></table>"
        )
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n<body>\n{body}\n</body></html>\n'


def _calendar(draft: Draft, invitation: Invitation) -> str:
    """A meeting request (RFC 5545)."""

    def stamp(when: datetime) -> str:
        return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Demo//DE", "METHOD:REQUEST", "BEGIN:VEVENT",
        f"UID:{draft.message_id.strip('<>')}", f"DTSTAMP:{stamp(draft.date)}",
        f"DTSTART:{stamp(invitation.begin)}", f"DTEND:{stamp(invitation.begin + invitation.length)}",
        f"SUMMARY:{draft.subject}", f"LOCATION:{invitation.place}",
        f"ORGANIZER:mailto:{draft.sender.address}", f"ATTENDEE;RSVP=TRUE:mailto:{draft.to[0].address}",
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    """Boundaries follow from the mail, so that the same mail has the same bytes."""
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"----=_Part_{sha256(f'{key} {number}'.encode()).hexdigest()[:20]}")
