"""Mails that a clerk files without asking: by address, domain, number, telephone, signature or thread."""

from benchmarks.invented import words
from benchmarks.invented.cases import Case, Desk, belongs, mailing, situation, whole
from benchmarks.invented.letters import card
from benchmarks.invented.records import Customer, fold, slug


@situation(30)
def exact_contact(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = desk.rng.choice(mailing(firm))
    style = "name" if turn % 3 == 0 else ""
    body = desk.letter(firm, card(firm, contact), style=style)
    return belongs(desk.pen.mail(desk.display(contact.name), contact.email, desk.pen.subject(), body), firm, contact)


@situation(16)
def exact_person(desk: Desk, turn: int) -> Case:
    person = desk.book.take(lambda one: one.kind == "person")
    contact = person.contacts[0]
    body = desk.letter(person, card(person, contact), style="name" if turn % 2 else "")
    return belongs(desk.pen.mail(desk.display(person.name), person.email, desk.pen.subject(), body), person, contact)


@situation(14)
def role_address(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=2)
    if turn % 3 == 0:
        contact = firm.contacts[0]
        body = desk.letter(firm, card(firm, contact))
        return belongs(desk.pen.mail(firm.name, firm.email, desk.pen.subject(), body), firm, contact)
    name = desk.unnamed(firm) if turn % 3 == 1 else f"Ihr Team von {firm.name}"
    body = desk.letter(firm, card(firm, name), style="name" if turn % 3 == 2 else "")
    return belongs(desk.pen.mail(firm.full_name, firm.email, desk.pen.subject(), body), firm)


@situation(8)
def second_stored_address(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm()
    contact = firm.contacts[0]
    contact.email2 = desk.book.opaque_freemail(firm.town.country)
    body = desk.letter(firm, card(firm, contact), style="name" if turn % 2 else "block")
    return belongs(desk.pen.mail(contact.name, contact.email2, desk.pen.subject(), body), firm, contact)


@situation(12)
def address_variant(desk: Desk, turn: int) -> Case:
    """Plus addresses, capitals, dots that Gmail ignores, googlemail."""
    kind = turn % 4
    if kind < 2:
        firm = desk.firm()
        contact = mailing(firm)[0]
        local, _, host = contact.email.partition("@")
        address = (
            f"{local}+{desk.rng.choice(('gastro', 'einkauf', 'shop'))}@{host}" if kind == 0 else contact.email.title()
        )
        body = desk.letter(firm, card(firm, contact), style="name")
        return belongs(desk.pen.mail(contact.name, address, desk.pen.subject(), body), firm, contact)
    first, last, _ = desk.book.person_name()
    local = f"{slug(first, '')}{slug(last, '')}{desk.rng.randint(2, 99)}"
    person = desk.book.person(first, last, email=f"{local}@gmail.com")
    dotted = f"{local[:3]}.{local[3:]}@gmail.com"
    address = dotted if kind == 2 else f"{local}@googlemail.com"
    body = desk.letter(person, card(person, person.contacts[0]), style="name")
    return belongs(desk.pen.mail(person.name, address, desk.pen.subject(), body), person, person.contacts[0])


@situation(20)
def domain_new_person(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    name = desk.unnamed(firm)
    address = f"{slug(name, '.')}@{firm.domain}"
    body = desk.letter(firm, card(firm, name), style="name" if turn % 3 == 0 else "")
    return belongs(desk.pen.mail(name if turn % 2 else "", address, desk.pen.subject(), body), firm)


@situation(6, twin=True)
def relative_in_the_firm(desk: Desk, turn: int) -> Case:
    """The contact's son or wife writes from the firm's domain: same surname, another person."""
    firm = desk.book.firm(staff=1)
    known = firm.contacts[0]
    first = next(one for one in words.FIRST["de"][turn % 2] if fold(one)[0] != fold(known.first)[0])
    name = f"{first} {known.last}"
    text = desk.pen.one_of(
        "ich helfe neuerdings im Betrieb mit und kümmere mich um die Bestellungen. " + desk.request(lang="de"),
        desk.request(lang="de"),
        "mein Bruder ist heute auf dem Markt, darum schreibe ich. " + desk.request(lang="de"),
    )
    body = desk.letter(firm, card(firm, name), text)
    return belongs(desk.pen.mail(name, f"{slug(first, '')}@{firm.domain}", desk.pen.subject(), body), firm)


@situation(10)
def known_person_new_local_part(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=2)
    contact = firm.contacts[0]
    one, other = slug(contact.first, ""), slug(contact.last, "")
    forms = [f"{one}.{other}", f"{other}.{one}", f"{one[0]}.{other}", f"{one}_{other}", f"{other}{one[0]}"]
    address = next(f"{form}@{firm.domain}" for form in forms if f"{form}@{firm.domain}" != contact.email)
    body = desk.letter(firm, card(firm, contact), style="name" if turn % 2 else "")
    name = desk.rng.choice(
        (contact.name, f"{contact.last}, {contact.first}", f"{contact.last.upper()} {contact.first}")
    )
    return belongs(desk.pen.mail(name, address, desk.pen.subject(), body), firm, contact)


@situation(6)
def nickname(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=0)
    first, short = list(words.NICKNAMES.items())[turn]
    _, last, _ = desk.book.person_name()
    contact = desk.book.contact(firm, first, last)
    name = f"{short} {last}"
    address = f"{slug(short, '')}@{firm.domain}"
    body = desk.letter(firm, card(firm, name), style="name" if turn % 2 else "")
    return belongs(desk.pen.mail(name, address, desk.pen.subject(), body), firm, contact)


@situation(6)
def married_name(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=2)
    contact = firm.contacts[0]
    _, last, _ = desk.book.person_name()
    name = f"{contact.first} {last}"
    clue = desk.pen.one_of(
        "Achtung, neuer Name: bisher {old}.",
        "geb. {old}",
        "(vormals {old})",
        "PS: Ich heiße seit dem Sommer {new}, früher {old} – die alte Adresse wird noch weitergeleitet.",
        old=contact.last,
        new=last,
    )
    body = desk.letter(firm, card(firm, name)) + f"\n{clue}\n"
    return belongs(
        desk.pen.mail(name, f"{slug(contact.first[0])}.{slug(last)}@{firm.domain}", "Namensänderung", body),
        firm,
        contact,
    )


@situation(8)
def umlaut_spelling(desk: Desk, turn: int) -> Case:
    """The name with umlaut in the records and without in the mail, or the other way round."""
    last = desk.rng.choice([name for name in words.LAST["de"] if fold(name) != name.lower()])
    first, _, _ = desk.book.person_name()
    trade = desk.rng.choice(words.TRADES)
    firm = desk.book.firm(
        name=desk.book.once("firm", lambda: f"{desk.rng.choice(words.TRADES)} {last} {trade}"), staff=0
    )
    contact = desk.book.contact(firm, first, last, email=f"{slug(first, '')}.{slug(last, '')}@{firm.domain}")
    plain = last.translate(str.maketrans("äöüÖ", "aouO")) if turn % 2 else fold(last).title()
    address = f"{slug(first, '')[0]}.{slug(plain, '')}@{firm.domain}"
    body = desk.letter(firm, card(firm, f"{first} {plain}"), style="name" if turn % 3 else "line")
    return belongs(desk.pen.mail(f"{first} {plain}", address, desk.pen.subject(), body), firm, contact)


@situation(4, twin=True)
def own_idn_domain(desk: Desk, turn: int) -> Case:
    """The customer's own domain with umlaut, stored in letters and sent in punycode."""
    last = ("Dörig", "Küng", "Hämmerle", "Fässler")[turn]
    label = f"{fold(last)[:1]}{last[1:].lower()}-{slug(desk.rng.choice(words.HOUSES))}"
    firm = desk.book.firm(name=f"Berggasthaus {last} {turn}"[:-2], domain=f"{label}.ch", staff=1)
    contact = firm.contacts[0]
    contact.email = f"{slug(contact.first, '')}@{firm.domain}"
    firm.email = f"info@{firm.domain}"
    host = firm.domain.encode("idna").decode()
    body = desk.letter(firm, card(firm, contact))
    return belongs(
        desk.pen.mail(contact.name, f"{slug(contact.first, '')}@{host}", desk.pen.subject(), body), firm, contact
    )


@situation(6, twin=True)
def own_subdomain(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    part = ("filiale", "mail", "kueche", "shop", "service", "zentrale")[turn]
    address = f"{contact.email.partition('@')[0]}@{part}.{firm.domain}"
    body = desk.letter(firm, card(firm, contact))
    return belongs(desk.pen.mail(contact.name, address, desk.pen.subject(), body), firm, contact)


@situation(14)
def customer_number(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm() if turn % 2 else desk.book.person()
    name = desk.unnamed(firm) if firm.kind == "firm" else firm.name
    clue = desk.pen.one_of(
        "Unsere Kundennummer bei Ihnen: {no}",
        "KdNr {no}",
        "Kd.-Nr.: {no} ({name})",
        "wir sind bei Ihnen unter {no} geführt",
        "Kunde {no}, {name}",
        "our customer no. with you is {no}",
        "Debitor {no}",
        no=firm.number,
        name=firm.name,
    )
    where = turn % 3
    subject = f"{desk.pen.subject()} / {clue}" if where == 0 else desk.pen.subject()
    text = desk.request(lang="de") + (f"\n{clue}" if where else "")
    signature = (
        f"{desk.pen.closing('de', firm.town.name)}\n{name}\n{firm.name if firm.kind == 'firm' else firm.town.name}"
    )
    mail = desk.pen.mail(name, desk.book.opaque_freemail(firm.town.country), subject, desk.pen.letter(text, signature))
    return belongs(mail, firm, firm.contacts[0] if firm.kind == "person" else None)


def _quoting(desk: Desk, kind: str, *wordings: str) -> Case:
    """A known person writes from an unknown address and names a number that is theirs."""
    customer = desk.book.firm() if desk.rng.random() < 0.6 else desk.book.person()
    contact = customer.contacts[0]
    clue = desk.pen.one_of(*wordings, no=desk.book.reference(customer, kind))
    inside = desk.rng.random() < 0.5
    text = f"{clue} – {desk.request(lang='de')}" if inside else desk.request(lang="de")
    subject = desk.pen.subject() if inside else clue
    signature = f"{desk.pen.closing('de', customer.town.name)}\n{contact.name}"
    if customer.kind == "firm":
        signature += f"\n{customer.name}"
    address = desk.book.opaque_freemail(customer.town.country)
    mail = desk.pen.mail(contact.name, address, subject, desk.pen.letter(text, signature))
    return belongs(mail, customer, contact)


@situation(10)
def order_number(desk: Desk, turn: int) -> Case:
    return _quoting(
        desk,
        "order",
        "Auftrag {no}",
        "zu Ihrer AB {no}",
        "Bestellung {no}",
        "betrifft {no}",
        "Auftragsbestätigung Nr. {no}",
    )


@situation(8)
def invoice_number(desk: Desk, turn: int) -> Case:
    return _quoting(
        desk, "invoice", "Rechnung {no}", "RG {no}", "Faktura Nr. {no}", "Ihre Rechnung Nr. {no} vom Herbst"
    )


@situation(6)
def offer_or_ticket_number(desk: Desk, turn: int) -> Case:
    if turn % 2:
        return _quoting(desk, "ticket", "Servicefall {no}", "Ticket {no}", "Reparatur {no}")
    return _quoting(desk, "offer", "Ihr Angebot {no}", "Offerte {no}", "Ref. {no}")


@situation(6)
def vat_id_in_signature(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(town=desk.rng.choice(words.TOWNS))
    name = desk.unnamed(firm)
    address = f"{slug(name, '.')}@{desk.book.domain(desk.book.firm_name(), firm.town)}"
    body = desk.letter(firm, card(firm, name, vat=True), style="block")
    return belongs(desk.pen.mail(name, address, desk.pen.subject(), body), firm)


@situation(8)
def known_mobile(desk: Desk, turn: int) -> Case:
    """The person's name and stored mobile number, from an unknown private address."""
    firm = desk.book.firm()
    contact = firm.contacts[0]
    cell = contact.mobile.written(desk.rng) if contact.mobile else ""
    clue = desk.pen.one_of("Natel {no}", "mobil: {no}", "Ihr erreicht mich am Handy {no}", "Mob. {no}", no=cell)
    signature = f"{desk.pen.closing('de', firm.town.name)}\n{contact.name}\n{clue}"
    mail = desk.pen.mail(
        contact.name,
        desk.book.opaque_freemail(firm.town.country),
        desk.pen.subject(),
        desk.pen.letter(desk.request(lang="de"), signature),
    )
    return belongs(mail, firm, contact)


@situation(6)
def known_switchboard(desk: Desk, turn: int) -> Case:
    """A new person with the firm's name and an extension of its number, from a domain that is not stored."""
    town = desk.rng.choice([town for town in words.TOWNS if town.country in {"DE", "AT"}])
    firm = desk.book.firm(town=town)
    name = desk.unnamed(firm)
    domain = firm.domain
    firm.domain = firm.email = ""
    firm.contacts.clear()
    who = card(firm, name)
    phone = firm.phone.desk(desk.rng) if firm.phone else None
    signature = (
        f"{desk.pen.closing('de', town.name)}\n{name}\n{who.company}\nTel. {phone.written(desk.rng) if phone else ''}"
    )
    body = desk.pen.letter(desk.request(lang="de"), signature)
    return belongs(desk.pen.mail(name, f"{slug(name, '.')}@{domain}", desk.pen.subject(), body), firm)


@situation(10)
def full_signature(desk: Desk, turn: int) -> Case:
    """Firm, street and town in the signature, from the family's private address."""
    firm = desk.book.firm()
    known = turn % 2 == 0
    writer = firm.contacts[0] if known else desk.unnamed(firm)
    body = desk.letter(firm, card(firm, writer), style="block")
    mail = desk.pen.mail(firm.name, desk.book.opaque_freemail(firm.town.country), desk.pen.subject(), body)
    return belongs(mail, firm, firm.contacts[0] if known else None)


@situation(12, twin=True)
def private_address_of_known_person(desk: Desk, turn: int) -> Case:
    """A known person really writes from home; an order or invoice number and the telephone fit."""
    firm = desk.book.firm()
    contact = firm.contacts[0]
    number = desk.book.reference(firm, "order" if turn % 2 else "invoice")
    text = desk.pen.one_of(
        "ich schreibe von zu Hause, im Büro ist das Netz weg. Es geht um {no}: {request}",
        "Verzeihung für die private Adresse, der Laptop ist in der Reparatur. Zu {no}: {request}",
        "bin im Homeoffice und komme nicht ins Firmenpostfach. Betrifft {no}. {request}",
        "heute einmal von meinem privaten Konto: {request} (Auftrag/Rechnung {no})",
        no=number,
        request=desk.request(lang="de"),
    )
    body = desk.letter(firm, card(firm, contact, mobile=True), text, style="block")
    address = desk.book.freemail(contact.first, contact.last, firm.town.country)
    return belongs(desk.pen.mail(contact.name, address, desk.pen.subject(), body), firm, contact)


@situation(10)
def thread_reply(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    message_id = desk.book.thread(firm, contact)
    body = desk.letter(firm, card(firm, contact), style="name") + _quote_of_ours(desk)
    extra = (("In-Reply-To", message_id), ("References", message_id))
    return belongs(desk.pen.mail(contact.name, contact.email, "AW: Ihre Anfrage", body, extra=extra), firm, contact)


@situation(8, twin=True)
def thread_reply_from_private_address(desk: Desk, turn: int) -> Case:
    customer = desk.book.firm() if turn % 2 else desk.book.person()
    contact = customer.contacts[0]
    message_id = desk.book.thread(customer, contact)
    body = desk.letter(customer, card(customer, contact), style="name") + _quote_of_ours(desk)
    extra = (("In-Reply-To", message_id), ("References", message_id))
    address = desk.book.freemail(contact.first, contact.last, customer.town.country)
    return belongs(desk.pen.mail(contact.name, address, "Re: Ihr Auftrag", body, extra=extra), customer, contact)


@situation(6)
def thread_reply_by_colleague(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    message_id = desk.book.thread(firm, mailing(firm)[0])
    name = desk.unnamed(firm)
    text = desk.pen.one_of(
        "ich antworte in Vertretung. {request}",
        "{request}",
        "bin eingesprungen: {request}",
        request=desk.request(lang="de"),
    )
    body = desk.letter(firm, card(firm, name), text, style="name") + _quote_of_ours(desk)
    mail = desk.pen.mail(
        name, f"{slug(name, '.')}@{firm.domain}", "AW: Rückfrage", body, extra=(("In-Reply-To", message_id),)
    )
    return belongs(mail, firm)


@situation(4)
def written_by_assistant(desk: Desk, turn: int) -> Case:
    """On behalf of a known contact; the writer is somebody else."""
    firm = desk.firm()
    boss = mailing(firm)[0]
    name = desk.unnamed(firm)
    text = desk.pen.one_of(
        "im Auftrag von {boss} bitte ich um Folgendes: {request}",
        "ich schreibe für {boss}. {request}",
        "{boss} lässt ausrichten: {request}",
        boss=("Frau " if boss.female else "Herr ") + boss.last,
        request=desk.request(lang="de"),
    )
    body = desk.letter(firm, card(firm, name), text)
    return belongs(desk.pen.mail(name, f"sekretariat.{slug(name)[:3]}@{firm.domain}", desk.pen.subject(), body), firm)


@situation(8, twin=True)
def new_internet_address(desk: Desk, turn: int) -> Case:
    """The customer's label under another ending, with the stored VAT id, telephone and an open order."""
    firm = desk.book.firm(town=desk.rng.choice(words.TOWNS), staff=1)
    contact = firm.contacts[0]
    domain = f"{firm.domain.rpartition('.')[0]}.{('swiss', 'gmbh', 'net', 'org', 'shop', 'eu', 'wien', 'online')[turn]}"
    text = desk.pen.one_of(
        "wir haben eine neue Internetadresse, die alte läuft noch bis Jahresende. Zum Auftrag {no}: {request}",
        "{request} (Auftrag {no}) Bitte beachten Sie unsere neue Mailadresse.",
        "Auftrag {no}: {request}",
        no=desk.book.reference(firm),
        request=desk.request(lang="de"),
    )
    body = desk.letter(firm, whole(firm, contact), text, style="block")
    mail = desk.pen.mail(
        contact.name, f"{contact.email.partition('@')[0]}@{domain}", desk.pen.subject(), body, auth="pass"
    )
    return belongs(mail, firm, contact)


@situation(6)
def renamed_firm(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=1)
    contact = firm.contacts[0]
    new = desk.book.firm_name()
    clue = desk.pen.one_of(
        "{new} (vormals {old}), Kundennummer {no}",
        "Wir heißen jetzt {new}, früher {old}. An der Kundennummer {no} ändert sich hoffentlich nichts.",
        "{new}, ehemals {old} · Kd {no}",
        new=new,
        old=firm.full_name,
        no=firm.number,
    )
    address = f"{slug(contact.first, '')}.{slug(contact.last, '')}@{desk.book.domain(new, firm.town)}"
    signature = f"{desk.pen.closing('de', firm.town.name)}\n{contact.name}\n{clue}"
    body = desk.pen.letter(desk.request(lang="de"), signature)
    return belongs(desk.pen.mail(contact.name, address, "Neuer Name", body), firm, contact)


@situation(4)
def moved_house(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    text = desk.pen.one_of(
        "wir sind umgezogen, die neue Anschrift steht unten.",
        "bitte ändern Sie unsere Adresse in Ihrer Kartei, neu: {street}, {town}.",
        "ab {date} finden Sie uns an der {street} in {town}.",
        street=desk.book.street(),
        town="9200 Gossau",
    )
    body = desk.letter(firm, card(firm, contact), text, style="name")
    return belongs(desk.pen.mail(contact.name, contact.email, "Neue Adresse", body), firm, contact)


@situation(8, twin=True)
def domain_of_the_holding(desk: Desk, turn: int) -> Case:
    """A known person writes from the group's domain; firm, customer number and telephone stand below."""
    firm = desk.book.firm(staff=1)
    contact = firm.contacts[0]
    group = f"{desk.rng.choice(words.INVENTED)} {desk.rng.choice(('Gruppe', 'Holding', 'Group', 'Beteiligungen'))}"
    address = f"{slug(contact.first, '')}.{slug(contact.last, '')}@{desk.book.domain(group, firm.town)}"
    clue = desk.pen.one_of(
        "{firm} – ein Unternehmen der {group}. Kundennummer: {no}",
        "{firm}, a member of {group} (Kd.-Nr. {no})",
        "Wir gehören seit Juli zur {group}, für Sie bleibt alles gleich: {firm}, Kunde {no}",
        firm=firm.full_name,
        group=group,
        no=firm.number,
    )
    phone = contact.phone.written(desk.rng) if contact.phone else ""
    signature = f"{desk.pen.closing('de', firm.town.name)}\n{contact.name}\n{clue}\nTel. {phone}"
    body = desk.pen.letter(desk.request(lang="de"), signature)
    return belongs(desk.pen.mail(contact.name, address, desk.pen.subject(), body), firm, contact)


@situation(6)
def stored_twice(desk: Desk, turn: int) -> Case:
    """The same firm is in the records twice; either is right."""
    firm = desk.book.firm(staff=0)
    double = desk.book.firm(name=firm.name.upper(), town=firm.town, domain=firm.domain, legal_form="", staff=0)
    double.street, double.email, double.vat_id = firm.street, firm.email, ""
    double.phone = None if turn % 2 else firm.phone
    body = desk.letter(firm, card(firm, desk.unnamed(firm)))
    return belongs(desk.pen.mail(firm.name, firm.email, desk.pen.subject(), body), firm, None, double)


def household(desk: Desk) -> tuple[Customer, Customer]:
    """Two people with one address, both customers."""
    first, last, _ = desk.book.person_name()
    one = desk.book.person(first, last)
    names = [name for names in words.FIRST["de"] for name in names if name[0] != first[0]]
    partner = desk.book.once("name", lambda: f"{desk.rng.choice(names)} {last}").partition(" ")[0]
    other = desk.book.person(partner, last, email=one.email)
    other.town, other.street, other.phone = one.town, one.street, one.phone
    for whose in (one, other):
        whose.contacts[0].mobile = None
    return one, other


@situation(8)
def household_resolved(desk: Desk, turn: int) -> Case:
    one, other = household(desk)
    if turn % 2:
        one, other = other, one
    contact = one.contacts[0]
    sign = (contact.first, contact.name)[turn // 4]
    body = desk.pen.letter(desk.request(lang="de"), f"{desk.pen.closing('de', one.town.name)}\n{sign}")
    display = "" if turn % 4 < 2 else f"Familie {contact.last}"
    return belongs(desk.pen.mail(display, one.email, desk.pen.subject(), body), one, contact)


def namesakes(desk: Desk, count: int) -> list[Customer]:
    """Customers of the same common name in different towns."""
    name = desk.book.once(
        "namesakes", lambda: f"{desk.rng.choice(words.COMMON_FIRST)} {desk.rng.choice(words.COMMON_LAST)}"
    )
    first, _, last = name.partition(" ")
    towns = desk.rng.sample(words.TOWNS, count)
    return [desk.book.person(first, last, town=town) for town in towns]


@situation(12, twin=True)
def namesake_resolved(desk: Desk, turn: int) -> Case:
    """A common name several times; street and town, the telephone or the customer number tells which."""
    right, *_ = namesakes(desk, 2 + turn % 3)
    phone = right.phone.written(desk.rng) if right.phone else ""
    clue = (
        f"{right.street}, {right.town.zip} {right.town.name}",
        f"Tel. {phone}",
        f"Kundennummer {right.number}",
        f"Betrifft {desk.book.reference(right)}",
    )[turn % 4]
    body = desk.pen.letter(desk.request(lang="de"), f"{desk.pen.closing('de', '')}\n{right.name}\n{clue}".strip())
    address = desk.book.opaque_freemail(right.town.country)
    return belongs(desk.pen.mail(right.name, address, desk.pen.subject(), body), right, right.contacts[0])


def sisters(desk: Desk, count: int = 2) -> list[Customer]:
    """Firms of one family on one domain, each with its own purpose, street and VAT id."""
    base = desk.book.firm(staff=1, town=desk.rng.choice(words.TOWNS))
    stem = base.name
    made = [base]
    for purpose in desk.rng.sample(("Immobilien", "Logistik", "Events", "Produktion", "Verwaltung"), count):
        sister = desk.book.firm(name=f"{stem} {purpose}", town=base.town, domain=base.domain, staff=1)
        sister.email = base.email
        made.append(sister)
    return made[1:] if count > 1 else made


@situation(6)
def sister_resolved(desk: Desk, turn: int) -> Case:
    right, *_ = sisters(desk)
    name = desk.unnamed(right)
    text = desk.request(lang="de") + (f"\nBetrifft {desk.book.reference(right, 'invoice')}" if turn % 2 else "")
    body = desk.letter(right, card(right, name), text, style="block")
    return belongs(desk.pen.mail(name, f"{slug(name, '.')}@{right.domain}", desk.pen.subject(), body), right)


def franchise(desk: Desk) -> list[Customer]:
    """Independent shops of one brand on the brand's domain, in different towns."""
    brand = desk.book.once(
        "firm", lambda: f"{desk.rng.choice(words.INVENTED)} {desk.rng.choice(('Backstube', 'Grill', 'Kaffee'))}"
    )
    domain = desk.book.domain(brand, words.TOWNS[0])
    made = []
    for town in desk.rng.sample(words.TOWNS, 3):
        shop = desk.book.firm(name=f"{brand} {town.name}", town=town, domain=domain, staff=1)
        shop.email = f"{slug(town.name, '')}@{domain}"
        made.append(shop)
    return made


@situation(6)
def franchise_resolved(desk: Desk, turn: int) -> Case:
    shop = franchise(desk)[turn % 3]
    name = desk.unnamed(shop)
    if turn % 2:
        body = desk.letter(shop, card(shop, name), style="block")
        return belongs(desk.pen.mail(name, f"{slug(name, '.')}@{shop.domain}", desk.pen.subject(), body), shop)
    body = desk.letter(shop, card(shop, name), style="name")
    return belongs(desk.pen.mail("", shop.email, desk.pen.subject(), body), shop)


def offices_of_a_town(desk: Desk) -> list[Customer]:
    """School, home and depot of one municipality, all on its domain."""
    town = desk.rng.choice(words.TOWNS)
    place = desk.book.once(
        "municipality", lambda: f"{desk.rng.choice(words.HOUSES)}{desk.rng.choice(('wil', 'dorf', 'au'))}"
    )
    domain = f"gemeinde-{slug(place)}.{words.DOMAIN_ENDINGS[town.country]}"
    kinds = ("Volksschule", "Werkhof", "Alters- und Pflegeheim")
    made = [desk.book.firm(name=f"{kind} {place}", town=town, domain=domain, legal_form="", staff=1) for kind in kinds]
    for office in made:
        office.email = ""
        office.vat_id = ""
    return made


@situation(8)
def school_on_the_towns_domain(desk: Desk, turn: int) -> Case:
    office = offices_of_a_town(desk)[turn % 3]
    if turn % 4 == 3:
        contact = office.contacts[0]
        body = desk.letter(office, card(office, contact), style="name")
        return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), office, contact)
    name = desk.unnamed(office)
    body = desk.letter(office, card(office, name), style="block")
    return belongs(desk.pen.mail(name, f"{slug(name, '.')}@{office.domain}", desk.pen.subject(), body), office)


@situation(6)
def freelancer(desk: Desk, turn: int) -> Case:
    """A one-person business on freemail, known by exactly that address."""
    first, last, _ = desk.book.person_name()
    kind = ("Störkoch", "Weinberatung", "Foodfotografie", "Konditorin", "Mobile Bar", "Kochkurse")[turn]
    firm = desk.book.firm(name=f"{last} {kind}", domain="", legal_form="", staff=0)
    contact = desk.book.contact(firm, first, last, email=firm.email)
    body = desk.letter(firm, card(firm, contact), style=("name", "short")[turn % 2])
    return belongs(desk.pen.mail(f"{first} {last}", firm.email, desk.pen.subject(), body), firm, contact)


@situation(6)
def customer_and_supplier(desk: Desk, turn: int) -> Case:
    """Who buys from us and sells to us; here it is an offer or invoice of theirs."""
    firm = desk.book.firm(trade_party="customer|supplier")
    contact = firm.contacts[0]
    body = desk.letter(firm, card(firm, contact), desk.pen.text("sales"))
    return belongs(desk.pen.mail(contact.name, contact.email, "Unser Angebot", body), firm, contact)


@situation(5)
def their_own_reference(desk: Desk, turn: int) -> Case:
    """A known sender names a file number of their own that looks like, and is, another customer's number here."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    other = desk.book.take(lambda one: one.kind == "firm")
    clue = desk.pen.one_of(
        "Unser Zeichen: {no}",
        "unsere interne Bestellnummer: {no}",
        "Our ref: {no}",
        "Unsere Vorgangsnr. {no}",
        no=desk.book.reference(other, "invoice"),
    )
    body = desk.letter(firm, card(firm, contact), desk.request(lang="de") + f"\n{clue}")
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), firm, contact)


@situation(6)
def quotes_another_customer(desk: Desk, turn: int) -> Case:
    """Only the quoted part below belongs to another customer."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    other = desk.book.firm()
    whose = other.contacts[0]
    old = desk.letter(other, whole(other, whose), style="block").replace("\n", "\n> ")
    lead = desk.pen.one_of(
        "Am 3. November 2026 schrieb {name} <{address}>:",
        "On 3 Nov 2026, at 09:12, {name} <{address}> wrote:",
        "Le 3 nov. 2026 à 09:12, {name} <{address}> a écrit :",
        name=whose.name,
        address=whose.email,
    )
    body = desk.letter(firm, card(firm, contact), style="block") + f"\n{lead}\n> {old}\n"
    return belongs(desk.pen.mail(contact.name, contact.email, "Re: Lieferung", body), firm, contact)


@situation(6)
def mentions_another_customer(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    other = desk.book.firm()
    text = desk.pen.one_of(
        "beim {other} in {town} habe ich Ihre neuen Vitrinen gesehen, so etwas hätten wir auch gern.",
        "könnten Sie die Lieferung mit der von {other} ({town}) zusammenlegen? Wir holen dann gemeinsam ab.",
        "{other} hat uns versehentlich einen Karton geschickt, der für Sie bestimmt war.",
        "unser Nachbar {other} möchte das gleiche Gerät, er meldet sich selbst bei Ihnen.",
        "bitte nicht verwechseln: die Reklamation kam von {other}, nicht von uns.",
        other=other.full_name,
        town=other.town.name,
    )
    body = desk.letter(firm, card(firm, contact), text, style="name")
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), firm, contact)


@situation(4)
def mistyped_number(desk: Desk, turn: int) -> Case:
    """A known address with an order number in which one digit is wrong."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    number = desk.book.reference(firm)
    last = str((int(number[-1]) + 1 + turn) % 10)
    body = desk.letter(firm, card(firm, contact), f"Auftrag {number[:-1]}{last}: {desk.request(lang='de')}")
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), firm, contact)


@situation(5)
def typing_error_in_the_records(desk: Desk, turn: int) -> Case:
    """The stored address has a slip; name, telephone and street in the signature are right."""
    firm = desk.book.firm(staff=1)
    contact = firm.contacts[0]
    right = contact.email
    local, _, host = right.partition("@")
    # No such ending exists, or the domain is right: so it is the record that errs.
    contact.email = (f"{local}@{host}h", f"{local[0]}{local}@{host}", f"{local[:-1]}@{host}")[turn % 3]
    firm.domain = firm.email = ""
    body = desk.letter(firm, card(firm, contact, vat=True), style="block")
    return belongs(desk.pen.mail(contact.name, right, desk.pen.subject(), body), firm, contact)


@situation(5)
def changed_employer(desk: Desk, turn: int) -> Case:
    """A contact of one customer now writes from another customer's domain."""
    old = desk.book.firm(staff=1)
    person = old.contacts[0]
    new = desk.firm()
    text = desk.pen.one_of(
        "ich habe die Stelle gewechselt und bin jetzt hier für den Einkauf zuständig. {request}",
        "Sie kennen mich noch vom {old}. {request}",
        "seit dem Ersten arbeite ich nicht mehr beim {old}, sondern an neuer Stelle. {request}",
        old=old.name,
        request=desk.request(lang="de"),
    )
    body = desk.letter(new, card(new, person.name), text, style="block")
    mail = desk.pen.mail(
        person.name, f"{slug(person.first, '')}.{slug(person.last, '')}@{new.domain}", desk.pen.subject(), body
    )
    return belongs(mail, new)


@situation(10, twin=True)
def genuine_talk_of_money(desk: Desk, turn: int) -> Case:
    """A verified customer writes about payments and accounts."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    body = desk.letter(firm, card(firm, contact), desk.pen.text("bank_change_real"))
    return belongs(desk.pen.mail(contact.name, contact.email, "Zahlung", body, auth="pass"), firm, contact)


@situation(10, twin=True)
def no_verdict(desk: Desk, turn: int) -> Case:
    """The exact address; our server wrote no verdict at all."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    body = desk.letter(firm, card(firm, contact))
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body, auth="absent"), firm, contact)


@situation(8, twin=True)
def foreign_verdict(desk: Desk, turn: int) -> Case:
    """Only a stranger's server speaks of failure; its word counts as little as its praise."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    auth = "foreign fail only" if turn % 2 else "pass, foreign fail below"
    body = desk.letter(firm, card(firm, contact))
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body, auth=auth), firm, contact)


@situation(6, twin=True)
def reply_to_within_the_firm(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    extra = (("Reply-To", f"{('bestellwesen', 'team', 'tickets')[turn % 3]}@{firm.domain}"),)
    body = desk.letter(firm, card(firm, contact))
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body, extra=extra), firm, contact)


@situation(5, twin=True)
def reply_to_private_address(desk: Desk, turn: int) -> Case:
    """A verified customer with an everyday request asks for the answer to a private address."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    private = desk.book.freemail(contact.first, contact.last, firm.town.country)
    body = desk.letter(firm, card(firm, contact))
    extra = (("Reply-To", f"{desk.pen.header_name(contact.name)}<{private}>"),)
    mail = desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body, extra=extra, auth="pass")
    return belongs(mail, firm, contact)


@situation(4, twin=True)
def address_as_display_name(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    body = desk.letter(firm, card(firm, contact))
    return belongs(desk.pen.mail(contact.email, contact.email, desk.pen.subject(), body), firm, contact)


def _quote_of_ours(desk: Desk) -> str:
    name, address = desk.pen.staff()
    return (
        f"\nAm 2. November 2026 um 10:41 schrieb {name} <{address}>:\n"
        "> besten Dank für Ihre Nachricht. Wir melden uns.\n"
        "> Alpstein Gastrobedarf AG, Rorschach, +41 71 858 40 00, CHE-417.206.552 MWST\n"
    )
