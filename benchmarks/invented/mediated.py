"""Mails that came through somebody or something: forwards, forms, lists, gateways, bounces, agents."""

from benchmarks.invented import words
from benchmarks.invented.cases import Case, Desk, Mail, belongs, doubtful, mailing, situation, stranger
from benchmarks.invented.letters import OWN, card
from benchmarks.invented.records import Contact, Customer, slug


def _forwarded(desk: Desk, writer: Contact | str, address: str, subject: str, old: str) -> str:
    """A forwarded mail as different programs show it."""
    name = writer if isinstance(writer, str) else writer.name
    _, own = desk.pen.staff()
    lead = desk.pen.one_of(
        "-------- Weitergeleitete Nachricht --------\nBetreff: {subject}\nDatum: Thu, 5 Nov 2026 14:22:10 +0100\n"
        "Von: {name} <{address}>\nAn: {own}\n\n",
        "-----Ursprüngliche Nachricht-----\nVon: {name} [mailto:{address}]\n"
        "Gesendet: Donnerstag, 5. November 2026 14:22\n"
        "An: {own}\nBetreff: {subject}\n\n",
        "________________________________\nVon: {name} <{address}>\nGesendet: 05.11.2026 14:22\nAn: {own}\n"
        "Betreff: {subject}\n\n",
        "---------- Forwarded message ---------\nVon: {name} <{address}>\nDate: Do., 5. Nov. 2026 um 14:22 Uhr\n"
        "Subject: {subject}\nTo: <{own}>\n\n",
        "Begin forwarded message:\n\nFrom: {name} <{address}>\nSubject: {subject}\n"
        "Date: 5 November 2026 at 14:22:10 CET\n"
        "To: {own}\n\n",
        name=name,
        address=address,
        subject=subject,
        own=own,
    )
    return f"\n{lead}{old}"


@situation(12)
def forwarded_by_us(desk: Desk, turn: int) -> Case:
    """One of us passes a mail on: it belongs to who wrote it."""
    colleague, own = desk.pen.staff()
    comment = desk.pen.letter(desk.pen.text("clerks"), colleague, greeting=False)
    subject = desk.pen.subject() or "Anfrage"
    if turn % 4 == 3:
        name, address = _private_stranger(desk)
        old = desk.pen.letter(desk.pen.text("leads", "de"), f"Gruß\n{name}")
        return stranger(
            desk.pen.mail(colleague, own, f"WG: {subject}", comment + _forwarded(desk, name, address, subject, old))
        )
    firm = desk.firm()
    contact = mailing(firm)[0]
    old = desk.letter(firm, card(firm, contact))
    body = comment + _forwarded(desk, contact, contact.email, subject, old)
    return belongs(desk.pen.mail(colleague, own, f"WG: {subject}", body, auth="pass"), firm, contact)


@situation(6)
def forwarded_by_customer(desk: Desk, turn: int) -> Case:
    """A known contact passes on what a stranger to us wrote to them: it is the contact's mail."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    name, address = _private_stranger(desk)
    old = f"{desk.rng.choice(('Hoi zäme', 'Liebe Kollegen', 'Hallo'))},\n\n{desk.request(lang='de')}\n\n{name}\n"
    text = desk.pen.one_of(
        "siehe unten, unser Gast hat recht. Was können wir ihm sagen?",
        "das kam heute von unserem Pächter. Können Sie das bitte prüfen?",
        "leite ich Ihnen zur Beantwortung weiter.",
    )
    body = desk.letter(firm, card(firm, contact), text) + _forwarded(desk, name, address, "Frage", old)
    return belongs(desk.pen.mail(contact.name, contact.email, "WG: Frage", body), firm, contact)


@situation(5)
def written_by_us(desk: Desk, turn: int) -> Case:
    """A copy of our own mail to a customer."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    colleague, own = desk.pen.staff()
    text = desk.pen.one_of(
        "gern bestätigen wir Ihnen den Termin in KW {week}.",
        "anbei das gewünschte Datenblatt zu {product}.",
        "leider verzögert sich die Lieferung der {product} um einige Tage. Wir bitten um Nachsicht.",
        "vielen Dank für Ihren Anruf, die Gutschrift ist veranlasst.",
    )
    body = desk.pen.letter(text, f"Freundliche Grüsse\n{colleague}\n{OWN['name']}\n{OWN['phone']}")
    return belongs(desk.pen.mail(colleague, own, "Ihr Anliegen", body, auth="pass", to=contact.email), firm, contact)


@situation(12)
def web_form(desk: Desk, turn: int) -> Case:
    """Our site's form: the person in it counts. By address, by telephone, by name alone, or a stranger."""
    kind = turn % 4
    customer = desk.firm() if kind == 0 else desk.book.person()
    contact = mailing(customer)[0]
    address, phone, name = contact.email, "", contact.name
    if kind == 1:
        address = desk.book.opaque_freemail(customer.town.country)
        phone = customer.phone.written(desk.rng) if customer.phone else ""
    elif kind == 2:
        address = desk.book.opaque_freemail(customer.town.country)
    elif kind == 3:
        name, address = _private_stranger(desk)
    form = desk.pen.one_of(
        "Neue Nachricht über alpstein-gastro.ch\n\nVor- und Nachname: {name}\nE-Mail-Adresse: {address}\n"
        "Rückruf unter: {phone}\nIhr Anliegen:\n{text}\n",
        "Kontaktformular\n===============\nName      {name}\nMail      {address}\nTelefon   {phone}\n"
        "Mitteilung\n\n{text}\n\nEinwilligung Datenschutz: ja\n",
        "Absender: {name}\nE-Mail: {address}\nTel.: {phone}\nNachricht: {text}\n\n"
        "Diese Mail wurde automatisch erzeugt.\n",
        name=name,
        address=address,
        phone=phone,
        text=desk.pen.text("leads", "de") if kind == 3 else desk.request(lang="de"),
    )
    extra = (("Reply-To", address),) if turn % 3 else ()
    mail = desk.pen.mail("Alpstein Shop", str(OWN["webform_sender"]), "Neue Nachricht", form, auth="pass", extra=extra)
    if kind == 3:
        return stranger(mail)
    return doubtful(mail, customer) if kind == 2 else belongs(mail, customer, contact)


@situation(8)
def fax_and_voicemail(desk: Desk, turn: int) -> Case:
    """The caller's number is all there is."""
    gateway = str(OWN["fax_gateway"])
    wording = (
        ("Fax von {no}", "Sie haben ein Fax erhalten.\nVon: {no}\nSeiten: 2\nSiehe Anhang.\n"),
        ("Neue Sprachnachricht ({no})", "Anrufer: {no}\nDauer: 0:47\nDie Aufnahme liegt bei.\n"),
        ("Combox", "Nachricht von {no} um 07:58 Uhr. Zum Anhören bitte den Anhang öffnen.\n"),
        ("Anruf in Abwesenheit", "Verpasster Anruf\nNummer: {no}\nZeit: 16:05\n"),
    )[turn % 4]
    if turn == 7:
        line = desk.book.phone(words.TOWNS[8])
        number = line.international()
        return stranger(
            desk.pen.mail("", gateway, wording[0].format(no=number), wording[1].format(no=number), auth="pass")
        )
    firm = desk.book.firm(staff=1, town=desk.rng.choice(words.TOWNS))
    contact = firm.contacts[0]
    personal = turn % 3 == 0 and contact.mobile is not None
    line = contact.mobile if personal and contact.mobile else firm.phone or desk.book.phone(firm.town)
    if not personal and line.country in {"DE", "AT"} and turn % 2:
        line = line.desk(desk.rng)
    number = line.international()
    mail = desk.pen.mail("", gateway, wording[0].format(no=number), wording[1].format(no=number), auth="pass")
    return belongs(mail, firm, contact if personal else None)


@situation(6)
def bounced(desk: Desk, turn: int) -> Case:
    """Our mail came back: it concerns whom we wrote to."""
    firm = desk.firm()
    contact = mailing(firm)[0]
    text = desk.pen.one_of(
        "Your message to <{address}> couldn't be delivered.\nRemote server returned '550 5.1.1 mailbox unknown'\n\n"
        "Final-Recipient: rfc822;{address}\nAction: failed\nStatus: 5.1.1\n",
        "Die folgende Adresse konnte nicht erreicht werden:\n\n  {address}\n    Postfach voll (452 4.2.2)\n\n"
        "Reporting-MTA: dns; gw2.bodanhost.ch\nFinal-Recipient: rfc822; {address}\nAction: delayed\n",
        "This is the mail system at host gw2.bodanhost.ch.\n\n<{address}>: Host or domain name not found.\n",
        address=contact.email,
    )
    mail = desk.pen.mail(
        *("Mail Delivery Subsystem", "mailer-daemon@gw2.bodanhost.ch", "Undelivered Mail Returned to Sender", text),
        auth="absent",
        return_path="",
        extra=(("Auto-Submitted", "auto-replied"),),
    )
    return belongs(mail, firm, contact)


@situation(4)
def out_of_office(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    body = desk.pen.letter(desk.pen.text("absences"), contact.name)
    extra = (("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))
    return belongs(
        desk.pen.mail(contact.name, contact.email, "Abwesend: Ihr Auftrag", body, extra=extra), firm, contact
    )


@situation(6)
def ticket_system(desk: Desk, turn: int) -> Case:
    """The customer's help desk answers for a person; its domain is a provider's, firm and number are named."""
    firm = desk.book.firm(staff=1)
    contact = firm.contacts[0]
    provider = desk.rng.choice(("freshdesk.com", "zendesk.com", "atlassian.net"))
    address = f"support@{slug(firm.name, '')}.{provider}"
    text = desk.pen.one_of(
        "{name} hat geantwortet:\n\n{request}\n\n{firm}\nKundennummer bei Ihnen: {no}\n\n-- Vorgang #{n} --",
        "## Bitte oberhalb antworten ##\n\n{request}\n\n{name}, {firm}\nIhre Rechnung {invoice}",
        name=contact.name,
        firm=firm.full_name,
        no=firm.number,
        invoice=desk.book.reference(firm, "invoice"),
        request=desk.request(lang="de"),
    )
    mail = desk.pen.mail(
        f"{contact.name} ({firm.name})", address, f"[#{desk.rng.randint(1000, 9999)}] Rückfrage", text, auth="pass"
    )
    return belongs(mail, firm, contact)


@situation(12, twin=True)
def list_rewrote_from(desk: Desk, turn: int) -> Case:
    """A mailing list put its own address into From; the person stands in the name, Reply-To or X-Original-From."""
    customer = desk.firm() if turn % 2 else desk.book.take(lambda one: one.kind == "person")
    contact = mailing(customer)[0]
    group, host = desk.rng.choice(
        (("kueche", "hotelverband-liste.ch"), ("wirte", "gewerbe-post.at"), ("einkauf", "bodensee-tourismus.example"))
    )
    local, _, domain = contact.email.partition("@")
    body = desk.letter(customer, card(customer, contact)) + f"\n_____________________\n{group} mailing list\n"
    extra = [("List-Id", f"<{group}.{host}>"), ("Precedence", "list"), ("Sender", f"{group}-bounces@{host}")]
    style = turn % 4
    address = f"{group}@{host}"
    if style == 0:
        address = f"{local}={domain}@{host}"
    elif style == 1:
        extra.append(("Reply-To", f"{desk.pen.header_name(contact.name)}<{contact.email}>"))
    elif style == 2:
        extra.append(("X-Original-From", f"<{contact.email}>"))
    else:
        address = f"{local}.{domain.replace('.', '-')}@{host}"
        extra.append(("Reply-To", contact.email))
    mail = desk.pen.mail(
        f"{contact.name} via {group.title()}",
        address,
        f"[{group}] Lieferung",
        body,
        auth="pass",
        extra=extra,
        return_path=f"{group}-bounces@{host}",
    )
    return belongs(mail, customer, contact)


def _relayed(desk: Desk, host: str, *, arc: bool) -> tuple[Mail, Customer, Contact]:
    firm = desk.firm()
    contact = mailing(firm)[0]
    text = desk.request(firm)
    body = desk.letter(firm, card(firm, contact), text) + f"\n--\nVerteiler {host}\n"
    domain = contact.email.partition("@")[2]
    result = (
        f"{OWN['authserv_id']}; spf=fail smtp.mailfrom={host}; dkim=fail (body hash did not verify) header.d={domain}; "
        f"dmarc=fail (p=none) header.from={domain}"
    )
    extra = [("List-Id", f"<lieferanten.{host}>"), ("X-Forwarded-To", "verkauf@alpstein-gastro.ch")]
    if arc:
        result += f"; arc=pass (i=1 spf=pass dkim=pass dkdomain={domain} dmarc=pass fromdomain={domain})"
        extra = [
            ("ARC-Seal", f"i=1; a=rsa-sha256; t=1794300000; cv=none; d={host}; s=arc; b=Zm9v"),
            (
                "ARC-Authentication-Results",
                f"i=1; mx.{host}; spf=pass; dkim=pass header.d={domain}; dmarc=pass header.from={domain}",
            ),
            *extra,
        ]
    mail = desk.pen.mail(
        contact.name,
        contact.email,
        "[Lieferanten] Lieferung",
        body,
        auth="absent",
        extra=extra,
        return_path=f"lieferanten-bounces@{host}",
    )
    headers = mail["headers"]
    if isinstance(headers, list):
        headers.insert(1, ["Authentication-Results", result])
    return mail, firm, contact


@situation(8, twin=True)
def forwarder_with_trusted_seal(desk: Desk, turn: int) -> Case:
    """A list changed the mail, so our check fails; the list is one of those whose seal the firm trusts."""
    return belongs(*_relayed(desk, str(list(OWN["trusted_arc"])[turn % 2]), arc=True))


@situation(6, twin=True)
def forwarder_without_seal(desk: Desk, turn: int) -> Case:
    """The same without a seal: harmless to look at, and never filed without asking."""
    mail, firm, _ = _relayed(desk, ("sportverein-post.example", "alumni-bodensee.example")[turn % 2], arc=False)
    return doubtful(mail, firm)


@situation(6)
def market_place(desk: Desk, turn: int) -> Case:
    """A buyer through a market place: with an order number of ours it is a customer, otherwise a stranger."""
    host = ("marktplatz-gastro.example", "restposten24.example")[turn % 2]
    alias = f"kaeufer-{desk.rng.getrandbits(32):x}@{host}"
    if turn % 3 == 2:
        first, last, _ = desk.book.person_name()
        body = desk.pen.letter(desk.pen.text("leads", "de"), first)
        return stranger(desk.pen.mail(f"{first} {last[0]}.", alias, "Frage zum Artikel", body, auth="pass"))
    person = desk.book.person()
    number = desk.book.reference(person)
    body = desk.pen.letter(f"{desk.request(lang='de')}\nBestellnummer: {number}", person.name)
    return belongs(
        desk.pen.mail(f"{person.name} (Käufer)", alias, "Nachricht eines Käufers", body, auth="pass"),
        person,
        person.contacts[0],
    )


@situation(4)
def payment_advice(desk: Desk, turn: int) -> Case:
    """A payment service names the payer and an invoice of ours."""
    firm = desk.book.firm(staff=1)
    number = desk.book.reference(firm, "invoice")
    text = desk.pen.one_of(
        "Zahlungseingang\nAuftraggeber: {firm}\nVerwendungszweck: {no}\nBetrag: {amount}\n",
        "Avis: {firm} hat {amount} angewiesen, Text: RG {no}.\n",
        firm=firm.full_name,
        no=number,
    )
    return belongs(desk.pen.mail("Avis", "no-reply@zahlungsdienst.example", "Zahlungsavis", text, auth="pass"), firm)


def _manager(desk: Desk) -> tuple[Customer, Contact]:
    last = desk.rng.choice(words.LAST["de"])
    name = desk.book.once(
        "firm", lambda: f"{last} {desk.rng.choice(('Immobilientreuhand', 'Liegenschaften', 'Hausbetreuung'))}"
    )
    firm = desk.book.firm(name=name, staff=1, town=desk.rng.choice(words.TOWNS))
    return firm, firm.contacts[0]


def _owners(desk: Desk) -> Customer:
    """An owners' association (WEG, StWEG) that is a customer, known by its street."""
    town = desk.rng.choice(words.TOWNS)
    street = desk.book.once("street", desk.book.street)
    kind = {"DE": "WEG", "AT": "Eigentümergemeinschaft", "CH": "StWEG"}[town.country]
    owners = desk.book.firm(name=f"{kind} {street}", town=town, domain="", legal_form="", staff=0)
    owners.street, owners.email, owners.phone, owners.vat_id = street, "", None, ""
    return owners


@situation(8)
def manager_for_owners(desk: Desk, turn: int) -> Case:
    """A property manager, customer too, writes about one association's order: either file is right."""
    manager, contact = _manager(desk)
    owners = _owners(desk)
    text = desk.pen.one_of(
        "für die {owners} in {town}, Auftrag {no}: {request}",
        "Objekt {owners}: {request} (Ihre AB {no})",
        "Namens und auf Rechnung der {owners}, {town}: {request}\nReferenz {no}",
        owners=owners.name,
        town=owners.town.name,
        no=desk.book.reference(owners),
        request=desk.request(lang="de"),
    )
    body = desk.letter(manager, card(manager, contact), text)
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), owners, contact, manager)


@situation(4)
def manager_for_two(desk: Desk, turn: int) -> Case:
    manager, contact = _manager(desk)
    one, other = _owners(desk), _owners(desk)
    text = desk.pen.one_of(
        "es geht um zwei Häuser: {one} (Auftrag {no}) und {other} (Auftrag {no2}). {request}",
        "für {one} ({no}) sowie {other} ({no2}): {request}",
        one=one.name,
        other=other.name,
        no=desk.book.reference(one),
        no2=desk.book.reference(other),
        request=desk.request(lang="de"),
    )
    body = desk.letter(manager, card(manager, contact), text)
    return doubtful(desk.pen.mail(contact.name, contact.email, "Zwei Objekte", body), one, other, manager)


@situation(8)
def agent_unknown_to_us(desk: Desk, turn: int) -> Case:
    """A lawyer, architect or kitchen planner who is no customer writes for one, naming number and town."""
    client = desk.book.firm(staff=1)
    agent = desk.book.firm(
        name=f"{desk.unnamed(client).split()[-1]} {('Rechtsanwälte', 'Architekten', 'Küchenplanung')[turn % 3]} {turn}"[
            :-2
        ],
        staff=0,
        listed=False,
        town=words.TOWNS[turn],
    )
    name = desk.unnamed(agent)
    text = desk.pen.one_of(
        "wir vertreten {client}, {town}, und melden uns wegen Ihrer Rechnung {no}.",
        "im Auftrag von {client} in {town} (Kundennummer {number}) bitten wir um folgende Auskunft: {request}",
        "wir planen den Umbau für {client}, {town}. Bezug: Ihre Rechnung {no}. {request}",
        client=client.full_name,
        town=client.town.name,
        no=desk.book.reference(client, "invoice"),
        number=client.number,
        request=desk.request(lang="de"),
    )
    body = desk.letter(agent, card(agent, name), text, style="block")
    return belongs(
        desk.pen.mail(name, f"{slug(name, '.')}@{agent.domain}", f"Unser Mandat / {client.name}", body), client
    )


def _private_stranger(desk: Desk) -> tuple[str, str]:
    first, last, _ = desk.book.person_name()
    town = desk.book.town(0.0)
    return f"{first} {last}", desk.book.freemail(first, last, town.country)
