"""With whom the firm exchanges mail though there is no record of them: counted in the background, mail by mail.

walk       every mail once, in the order in which they came; new mail is taken in as it comes
left out   what is filed, what failed the sender check, machines' answers, circulars of ours, Junk, Trash, Drafts,
           folders that are excluded or bear a confidential name
counted    for each mailbox by itself, with what the mails tell (rules.parties)
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event

from rules import addresses, numbers, parties
from rules.confidential_folders import is_confidential
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, Mailbox, MailKind, Verdict
from rules.terms.party import Exchange, Sign
from rules.terms.pooled import PooledMessage
from storage.pool import Pool, Work
from storage.walks import START

NAME = "correspondents"
STEP = 500
_TEXT = 4000
_SIGNATURE = 2000
# A mail of ours to more people is a circular.
_MANY = 10
_ANSWERS = frozenset(
    {MailKind.AUTO_REPLY, MailKind.OUT_OF_OFFICE, MailKind.BOUNCE, MailKind.CALENDAR, MailKind.GATEWAY}
)
_UNREAD = frozenset({FolderRole.JUNK, FolderRole.TRASH, FolderRole.DRAFTS})
_SITE = re.compile(r"(?:www\.|@)((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,18})\b", re.IGNORECASE)
# Their pages stand below many signatures and are nobody's own.
_OTHERS_PAGES = frozenset(
    "facebook.com instagram.com linkedin.com xing.com youtube.com twitter.com x.com google.com google.de".split()
)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The walk. Restarted after a crash, it goes on where it was."""

    pool: Pool
    firm: Firm

    def run(self, stop: Event) -> int:
        """Count the mails that were not counted yet; how many they were. Nothing to do costs one look."""
        done = 0
        while not stop.is_set():
            with self.pool.read() as work:
                position = work.walks.position(NAME, parties.GENERATION) or START
                chosen, last = work.correspondents.mails_after(int(position or 0), STEP)
                if last == int(position or 0):
                    break
                mails = work.messages.get_many(chosen, _TEXT).values()
                left_out = _LeftOut.by(work)
            found = [one for mail in mails for one in exchanges(mail, self.firm, left_out)]
            with self.pool.begin() as work:
                if position == START:
                    work.correspondents.forget_all()
                still = work.messages.get_many({one.message for one in found}, 0).keys()
                work.correspondents.add(one for one in found if one.message in still)
                work.walks.go_on(NAME, parties.GENERATION, str(last))
            done += len(chosen)
        return done


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """Which folders give nothing away."""

    roles: Mapping[tuple[str, str], FolderRole]
    mailboxes: Mapping[str, Mailbox]

    @classmethod
    def by(cls, work: Work) -> "_LeftOut":
        """As the pool knows them."""
        boxes = {box.name: box for box in work.mailboxes.all()}
        roles = {(name, one.name): one.role for name in boxes for one in work.mailboxes.folders(name)}
        return cls(roles, boxes)

    def holds(self, mailbox: str, folder: str) -> bool:
        """Whether a folder gives nothing away."""
        if self.roles.get((mailbox, folder)) in _UNREAD or is_confidential(folder):
            return True
        box = self.mailboxes.get(mailbox)
        excluded = box.excluded if box is not None else ()
        return any(folder == one or folder.startswith((f"{one}/", f"{one}.")) for one in excluded)


def exchanges(mail: PooledMessage, firm: Firm, left_out: _LeftOut) -> Iterator[Exchange]:
    """What a mail counts, for each mailbox in which it may be seen."""
    if mail.verdict is Verdict.FAIL or mail.match.spoof or mail.reading.kind in _ANSWERS:
        return
    others = _others(mail, firm)
    found = sorted({place.mailbox for place in mail.placements if not left_out.holds(place.mailbox, place.folder)})
    if not others or not found:
        return
    received = mail.direction is Direction.INCOMING
    signature = (mail.reading.signature or "")[:_SIGNATURE] if received else ""
    vat_id = _vat_id(signature, firm)
    firms = {addresses.company_domain(address, firm) for address in others}
    for address, name in others.items():
        domain = addresses.company_domain(address, firm)
        told: dict[Sign, str] = {}
        # Whom of several firms the words are meant for is not told.
        if len(firms) == 1:
            told = parties.signs(_letter(mail, address, name))
        party = domain or _site(signature, firm)
        for mailbox in found:
            yield Exchange(mailbox, address, party, vat_id, name, received, mail.arrived, mail.no, told)


def _others(mail: PooledMessage, firm: Firm) -> dict[str, str]:
    """The addresses and names of those outside with whom a mail is exchanged."""
    message = mail.message
    if mail.direction is Direction.INCOMING:
        if not mail.writer or "@" not in mail.writer or firm.is_own(mail.writer):
            return {}
        name = message.sender.name if addresses.canonical(message.sender.addr) == mail.writer else ""
        return {mail.writer: name}
    people = [person for person in (*message.to, *message.cc) if "@" in person.addr]
    if len(people) > _MANY:
        return {}
    found = {addresses.canonical(person.addr): person.name for person in reversed(people)}
    return {address: name for address, name in found.items() if not firm.is_own(address)}


def _letter(mail: PooledMessage, address: str, name: str) -> parties.Letter:
    return parties.Letter(
        direction=mail.direction,
        kind=mail.reading.kind,
        address=address,
        name=name,
        subject=mail.message.subject,
        text=mail.reading.new_text or mail.message.text[:_TEXT],
        files=tuple(file.name for file in mail.message.attachments if not file.inline),
    )


def _vat_id(signature: str, firm: Firm) -> str:
    """The one VAT id below a mail, "" where there is none, or several, or ours."""
    own = {one.value for one in numbers.vat_ids(firm.vat_id)}
    found = {one.value for one in numbers.vat_ids(signature) if one.valid} - own
    return found.pop() if len(found) == 1 else ""


def _site(signature: str, firm: Firm) -> str:
    """The one firm's domain that stands below a mail, "" where there is none or several."""
    named = {addresses.company_domain(f"@{match[1]}", firm) for match in _SITE.finditer(signature)}
    found = named - _OTHERS_PAGES - {""}
    return found.pop() if len(found) == 1 else ""
