"""Who is behind a mail: the person whose customer is sought, and the words that are theirs.

    our own mail                 the recipients; when it stays in the house, the writer of the mail it passes on
    a bounce                     whom our mail did not reach
    a form of our website        who filled it in
    a fax or voice gateway       nobody but a telephone number
    a list, ticket system, shop  the person behind it, as headers, name and text tell
    anything else                the sender; an assistant who wrote for them is `via`

Headers that name a person behind a relay are claims like any other: `how` says that they were claimed, not proven.
The contract's signature: `writers(message, reading, direction, firm)`. `people` may hold an Address without `addr`
(a relay or a payment notice that tells a name only).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rules import addresses, phones
from rules.attributions import author
from rules.forms import Form, form_in
from rules.header_blocks import address_of
from rules.names import parse_person
from rules.phrases.relays import MACHINES, RELAYS, SHARED
from rules.quotation import part
from rules.terms.firm import Firm
from rules.terms.mail import PAGE_BREAK, Address, Direction, MailKind, Message, Reading

# Defects of connectors.mime that leave open who wrote.
_LONGEST_TEXT = 50_000
AMBIGUOUS = ("from-several", "from-missing-took", "from-group", "from-route", "from-control")


class How(StrEnum):
    """In which way the people behind a mail are named."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    FORWARDED = "forwarded"
    FORM = "form"
    RELAY = "relay"
    BOUNCE = "bounce"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Writers:
    """The people behind a mail and their words.

    `via` passed the mail on: a colleague, a form, list or gateway, or the assistant who wrote it. `phones` are numbers
    that a gateway or form names. `text` speaks for the people (with their signature, "" for our own words), `signature`
    is the signature alone. `doubtful`: the mail names its writer in a way that programs read differently, or asks for
    answers to somewhere else.
    """

    people: tuple[Address, ...]
    how: How
    via: Address | None = None
    phones: tuple[str, ...] = ()
    text: str = ""
    signature: str = ""
    doubtful: bool = False


def writers(message: Message, reading: Reading, direction: Direction, firm: Firm) -> Writers:
    """Say who is behind a mail."""
    if reading.kind is MailKind.BOUNCE:
        # Our own server writes them too.
        return _bounced(message, reading, firm)
    if direction is Direction.OUTGOING:
        return _of_ours(message, reading, firm)
    for behind in (_form, _gateway, _relayed):
        found = behind(message, reading, firm)
        if found is not None:
            return found
    return _sender(message, reading)


def ambiguous_sender(message: Message) -> bool:
    """Whether the From header names its writer in a way that mail programs and servers read differently."""
    return any(defect.startswith(AMBIGUOUS) for defect in message.defects)


# Our own mail


def _of_ours(message: Message, reading: Reading, firm: Firm) -> Writers:
    # Not the hidden recipients: they stand in one copy only, and colleagues may see another.
    shown = (*message.to, *message.cc)
    people = tuple(person for person in shown if person.addr and not firm.is_own(person.addr))
    if people:
        return Writers(people, How.RECIPIENT)
    return _own_form(message, firm) or _passed_on(message, reading, firm) or Writers((), How.RECIPIENT)


def _own_form(message: Message, firm: Firm) -> Writers | None:
    """A form that nobody has told us of: our own address wrote it, and answers go to somebody outside."""
    if addresses.canonical(message.sender.addr) in firm.staff:
        return None
    outside = [person for person in message.reply_to if person.addr and not firm.is_own(person.addr)]
    form = form_in(message.text)
    if form.counted < 2 or not (outside or (form.person.addr and not firm.is_own(form.person.addr))):
        return None
    return _filled_in(message, form, firm, How.FORM)


def _passed_on(message: Message, reading: Reading, firm: Firm) -> Writers | None:
    """The mail from outside that our own one passes on, or speaks of above it."""
    original, text = reading.original_sender, reading.fwd_text or ""
    if original is None:
        parted = part(message.text[:_LONGEST_TEXT])
        original = parted.block.sender if parted.block else author(parted.introduced) if parted.introduced else None
        text = parted.rest
    if original is None or not (original.addr or original.name) or firm.is_own(original.addr):
        return None
    theirs = part(text[:_LONGEST_TEXT])
    return Writers(
        (original,),
        How.FORWARDED,
        via=message.sender,
        text=_joined(theirs.new_text, theirs.signature),
        signature=theirs.signature or "",
    )


# Machines


def _bounced(message: Message, reading: Reading, firm: Firm) -> Writers:
    failed = reading.bounce.recipients if reading.bounce else ()
    people = tuple(Address(addr) for addr in failed if not firm.is_own(addr))
    return Writers(people, How.BOUNCE, via=message.sender)


def _form(message: Message, reading: Reading, firm: Firm) -> Writers | None:
    if not firm.is_web_form(message.sender.addr):
        return None
    return _filled_in(message, form_in(message.text), firm, How.FORM)


def _filled_in(message: Message, form: Form, firm: Firm, how: How) -> Writers:
    """The person of a form. Answers go where the form program took the address from the person: both must agree."""
    replied = next((one for one in message.reply_to if one.addr and not firm.is_own(one.addr)), None)
    person = form.person
    if firm.is_own(person.addr):
        person = Address("", person.name)
    addr = person.addr or (replied.addr if replied else "")
    name = person.name or (replied.name if replied else "")
    differing = bool(replied and person.addr and addresses.canonical(replied.addr) != addresses.canonical(person.addr))
    return Writers(
        (Address(addr, name),) if addr or name else (),
        how,
        via=message.sender,
        phones=form.values.get("phone", ()),
        text=_joined(form.message or (message.text if not form.values else ""), form.data),
        signature=form.data,
        doubtful=differing,
    )


_CALL = re.compile(
    r"\b(?:fax|telefax|faxnachricht|voice-?mail|voice ?message|sprachnachricht|mailbox-?nachricht|anrufbeantworter"
    r"|anruf|verpasster anruf|missed call"
    r"|call|sms)\b[^\n]{0,40}?\b(?:von|from|by)\b",
    re.IGNORECASE,
)
_CALLER = re.compile(
    r"(?:absender(?:kennung|nummer|-id)?|von|from|caller(?:[ -]?id)?|anrufer(?:nummer)?|rufnummer|nummer|sender|csid"
    r"|remote(?: id)?|fax(?:nummer)?|number|tel(?:efon)?)"
    r"[\w ]{0,20}[:=\s]{1,4}(\(?\+?[\d(][\d ()/.-]{4,25}\d)",
    re.IGNORECASE,
)
_IN_LOCAL = re.compile(r"(?:^|\D)(\+?\d{7,17})(?:\D|$)")


def _gateway(message: Message, reading: Reading, firm: Firm) -> Writers | None:
    """A fax or a call: the caller's number from subject, text, display name or address."""
    known = firm.is_gateway(message.sender.addr)
    if not known and not (_is_machine(message) and _CALL.search(message.subject[:300])):
        return None
    numbers = tuple(dict.fromkeys(_callers(message)))
    if not known and not numbers:
        return None
    return Writers(
        (), How.GATEWAY, via=message.sender, phones=numbers, text=_joined(reading.new_text, reading.signature)
    )


def _callers(message: Message) -> Iterator[str]:
    # On the pages of a fax stand numbers of others, too: ours, for example.
    for text in (message.subject[:300], message.text.partition(PAGE_BREAK)[0][:5000]):
        yield from (match[1].strip() for match in _CALLER.finditer(text))
    yield from (phone.quote for phone in phones.find(message.subject[:300]))
    yield from (phone.quote for phone in phones.find(message.sender.name[:100]))
    local = message.sender.addr.partition("@")[0]
    match = _IN_LOCAL.search(local[:64])
    if match:
        yield match[1]


# Relays

_VIA = re.compile(r"\s+(?:via|über|durch|through)\s+.{1,80}$|\s+\(via [^)]{1,80}\)$", re.IGNORECASE)
_ORIGINAL = ("x-original-from", "x-google-original-from", "x-original-sender", "resent-from")
_MACHINE = re.compile(MACHINES, re.IGNORECASE)
_SHARED = re.compile(SHARED, re.IGNORECASE)
_WROTE = re.compile(
    r"(?:^|\n)[\s*_>]{0,5}(?:(?:neue )?(?:nachricht|anfrage|frage|mitteilung|bestellung|message|question|enquiry"
    r"|inquiry|request|reply|comment) (?:von|from|by)"
    r"|(?:dieses? )?(?:ticket|anfrage|vorgang|request|case)(?: \S{1,20})? (?:wurde )?(?:erstellt|eröffnet|gemeldet"
    r"|angelegt|created|opened|submitted|raised) (?:von|by)"
    r"|this (?:ticket|request|case) was (?:created|submitted|raised|opened) by)[:\s]{1,3}([^\n<(,]{2,60})",
    re.IGNORECASE,
)


def _relayed(message: Message, reading: Reading, firm: Firm) -> Writers | None:
    sender = message.sender
    known = addresses.registrable(addresses.domain_of(sender.addr)) in RELAYS
    machine = known or _is_machine(message)
    person = _behind(message, firm, relays=machine or _rewrites(message))
    text, signature = _joined(reading.new_text, reading.signature), reading.signature or ""
    if person is not None:
        doubtful = ambiguous_sender(message)
        return Writers((person,), How.RELAY, via=sender, text=text, signature=signature, doubtful=doubtful)
    form = form_in(message.text) if machine else Form()
    if form.counted >= 2 and (form.person.name or form.first("firm")):
        return _filled_in(message, form, firm, How.RELAY)
    if known and "list-id" not in message.headers:
        # The platform's address, with the name that it shows.
        return Writers((sender,), How.RELAY, via=sender, text=text, signature=signature)
    return None


def _rewrites(message: Message) -> bool:
    """Whether a list put itself into From: it says so, or sends from its own domain. Others leave the person there."""
    domain = addresses.registrable(addresses.domain_of(message.sender.addr))
    of_list = message.headers.get("list-id", "") + message.headers.get("list-post", "")
    return bool(_VIA.search(message.sender.name[:200]) or (domain and domain in of_list.lower()))


def _behind(message: Message, firm: Firm, *, relays: bool) -> Address | None:
    """The person whom headers, the rewritten address or the text name; with an address, or else with a name."""
    sender = message.sender
    name = _VIA.sub("", sender.name[:200]).strip(" \"'")
    for header in _ORIGINAL if relays or "list-id" in message.headers else ():
        found = address_of(message.headers.get(header, ""))
        if found.addr and not _same(found.addr, sender.addr):
            return Address(found.addr, found.name or name)
    verp = addresses.rewritten(sender.addr)
    if verp:
        return Address(verp, name)
    own = addresses.registrable(addresses.domain_of(sender.addr))
    for person in message.reply_to if relays else ():
        elsewhere = addresses.registrable(addresses.domain_of(person.addr)) != own
        if person.addr and elsewhere and not firm.is_own(person.addr):
            return Address(person.addr, person.name or name)
    if (relays or _SHARED.fullmatch(_local(message))) and not parse_person(name):
        told = _WROTE.search(message.text[:5000])
        if told and parse_person(told[1]):
            return Address(sender.addr, told[1].strip(" .*_\"'"))
    return None


def _is_machine(message: Message) -> bool:
    return bool(_MACHINE.fullmatch(_local(message)))


def _local(message: Message) -> str:
    return message.sender.addr.partition("@")[0][:64]


# Ordinary mail


def _sender(message: Message, reading: Reading) -> Writers:
    return Writers(
        (message.sender,),
        How.SENDER,
        via=_assistant(message),
        text=_joined(reading.new_text, reading.signature),
        signature=reading.signature or "",
        doubtful=ambiguous_sender(message) or _answers_elsewhere(message) or _shows_another(message),
    )


def _assistant(message: Message) -> Address | None:
    """Who sent the mail on behalf of the person in From."""
    found = address_of(message.headers.get("sender", ""))
    return found if found.addr and not _same(found.addr, message.sender.addr) else None


def _answers_elsewhere(message: Message) -> bool:
    """Whether answers are asked for at a domain that is neither the sender's nor anybody's copied in."""
    own = addresses.registrable(addresses.domain_of(message.sender.addr))
    copied = {addresses.canonical(person.addr) for person in message.recipients}
    return any(
        addresses.registrable(addresses.domain_of(person.addr)) != own
        and addresses.canonical(person.addr) not in copied
        for person in message.reply_to
        if person.addr
    )


def _shows_another(message: Message) -> bool:
    """Whether the display name holds an address that is not the sender's."""
    shown = address_of(message.sender.name).addr if "@" in message.sender.name else ""
    return bool(shown) and not _same(shown, message.sender.addr)


def _same(a: str, b: str) -> bool:
    return addresses.canonical(a) == addresses.canonical(b)


def _joined(text: str, signature: str | None) -> str:
    return "\n".join(piece for piece in (text, signature) if piece)
