"""The situations of the second set: the same questions in other words, written without a look at the rules."""

from functools import partial

from benchmarks.invented import cases, second_words
from benchmarks.invented.cases import Case, Desk, Situation, belongs, doubtful, mailing, pretended, stranger
from benchmarks.invented.letters import card
from benchmarks.invented.records import Contact, Customer, slug

SITUATIONS: list[Situation] = []
situation = partial(cases.situation, into=SITUATIONS)
OWN_DOMAIN = str(second_words.OWN["domains"][0])
AUTHSERV = str(second_words.OWN["authserv_id"])


def _ask(desk: Desk) -> str:
    return desk.pen.one_of(*second_words.REQUESTS)


def _fraud(desk: Desk) -> str:
    return desk.pen.one_of(*second_words.FRAUDS)


def _full(desk: Desk, firm: Customer, who: Contact | str, text: str = "", **style: str) -> str:
    return desk.pen.letter(text or _ask(desk), desk.pen.signed(card(firm, who), **style))


def _bare(desk: Desk, text: str, sign: str) -> str:
    return desk.pen.letter(text, sign)


def _free(desk: Desk, customer: Customer) -> str:
    return desk.book.opaque_freemail(customer.town.country if customer.town.country in ("DE", "AT", "CH") else "DE")


# People and firms we know


@situation(12)
def plain_address(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = desk.rng.choice(mailing(firm))
    body = _full(desk, firm, contact, style="name" if turn % 2 else "")
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), firm, contact)


@situation(8)
def private_address(desk: Desk, turn: int) -> Case:
    person = desk.book.person()
    sign = (person.contacts[0].first, person.name, "", f"Ihre {person.contacts[0].last}")[turn % 4]
    mail = desk.pen.mail(
        person.name if turn % 2 else "", person.email, desk.pen.subject(), _bare(desk, _ask(desk), sign)
    )
    return belongs(mail, person, person.contacts[0])


@situation(8)
def new_colleague(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    name = desk.unnamed(firm)
    address = f"{slug(name.split()[-1], '')}@{firm.domain}"
    return belongs(desk.pen.mail(name, address, desk.pen.subject(), _full(desk, firm, name)), firm)


def _couple(desk: Desk) -> tuple[Customer, Contact, Contact]:
    person = desk.book.person()
    one = person.contacts[0]
    women, men = second_words.FIRST["de"]
    first = desk.rng.choice(men if one.female else women)
    other = desk.book.contact(person, first, one.last, email=person.email)
    other.role, other.phone, other.mobile, one.mobile = "", None, None, None
    return person, one, other


@situation(8)
def one_of_a_couple(desk: Desk, turn: int) -> Case:
    person, one, other = _couple(desk)
    who = (one, other)[turn % 2]
    forms = ("LG {}", "Gruß\n{}", "{}", "Herzliche Grüße von {}", "Danke! {}", "Bis dann, {}", "MfG {} {}", "- {}")
    sign = forms[turn].format(who.first, who.last)
    display = ("", f"Familie {one.last}", f"{one.first} und {other.first} {one.last}", f"Fam. {one.last}")[turn // 2]
    mail = desk.pen.mail(display, person.email, desk.pen.subject(), _bare(desk, _ask(desk), sign))
    return belongs(mail, person, who)


@situation(4)
def both_of_a_couple(desk: Desk, turn: int) -> Case:
    person, one, other = _couple(desk)
    forms = ("{0} & {1}", "Gruß {0} und {1} {2}", "Familie {2}", "Ihre {2}s")
    sign = forms[turn].format(one.first, other.first, one.last)
    mail = desk.pen.mail(("", one.last)[turn % 2], person.email, desk.pen.subject(), _bare(desk, _ask(desk), sign))
    return belongs(mail, person)


@situation(4)
def household_on_one_address(desk: Desk, turn: int) -> Case:
    one = desk.book.person()
    women, men = second_words.FIRST["de"]
    contact = one.contacts[0]
    other = desk.book.person(
        desk.rng.choice(men if contact.female else women), contact.last, town=one.town, email=one.email
    )
    mail = desk.pen.mail(
        "", one.email, desk.pen.subject(), _bare(desk, _ask(desk), f"Grüße\n{other.contacts[0].first}")
    )
    return belongs(mail, other, other.contacts[0])


@situation(6)
def customer_number_told(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm() if turn % 2 else desk.book.person()
    told = desk.pen.one_of(
        "Unsere Kundennummer bei Ihnen: {no}.", "(Kd.-Nr. {no})", "Wir haben bei Ihnen die Kundennummer {no}.",
        "Kundennummer: {no}", "Sie führen uns als Kunde Nr. {no}.", "KNR {no}", no=firm.number,
    )  # fmt: skip
    sign = firm.name if firm.kind == "person" else desk.unnamed(firm)
    contact = firm.contacts[0] if firm.kind == "person" else None
    mail = desk.pen.mail(
        sign, _free(desk, firm), desk.pen.subject(), _bare(desk, f"{_ask(desk)} {told}", f"Gruß\n{sign}")
    )
    return belongs(mail, firm, contact)


@situation(8)
def paper_number_told(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm()
    kind = ("order", "invoice", "offer", "ticket")[turn % 4]
    number = desk.book.reference(firm, kind)
    words = {
        "order": "Es geht um Ihre Auftragsbestätigung {}.", "invoice": "Zur Rechnung {} habe ich eine Frage.",
        "offer": "Wir nehmen Ihr Angebot {} an.", "ticket": "Betrifft {}: Das Gerät piept wieder.",
    }  # fmt: skip
    name = desk.unnamed(firm)
    body = _bare(desk, words[kind].format(number), f"Viele Grüße\n{name}")
    return belongs(desk.pen.mail(name, _free(desk, firm), desk.pen.subject(), body), firm)


@situation(6)
def bookkeeper_for_a_customer(desk: Desk, turn: int) -> Case:
    """An office unknown to us writes about one of our papers and names the customer."""
    firm = desk.book.firm()
    office = desk.book.firm(name=f"Steuerkanzlei {desk.book.person_name()[1]}", listed=False)
    number = desk.book.reference(firm, "invoice")
    text = desk.pen.one_of(
        "wir führen die Bücher für {firm}. Bitte senden Sie uns Ihre Rechnung {no} noch einmal als PDF.",
        "für unsere Mandantin {firm} prüfen wir Ihre Rechnung {no}. Welcher Leistungszeitraum gilt?",
        "im Namen der {firm} bitten wir um eine Kopie Ihrer Rechnung {no}.",
        firm=firm.full_name, no=number,
    )  # fmt: skip
    name = office.contacts[0].name
    body = _bare(desk, text, desk.pen.signed(card(office, name)))
    return belongs(desk.pen.mail(name, office.contacts[0].email, desk.pen.subject(), body), firm)


@situation(5)
def rare_name_with_postcode(desk: Desk, turn: int) -> Case:
    first, last, _ = desk.book.person_name()
    person = desk.book.person(first, f"{last}-{desk.book.once('rare', lambda: desk.rng.choice(second_words.HOUSES))}")
    contact = person.contacts[0]
    sign = f"Freundliche Grüße\n{contact.first} {contact.last}\n{person.town.zip} {person.town.name}"
    return belongs(
        desk.pen.mail("", _free(desk, person), desk.pen.subject(), _bare(desk, _ask(desk), sign)), person, contact
    )


@situation(4)
def common_name_with_town(desk: Desk, turn: int) -> Case:
    last = second_words.COMMON_LAST[turn]
    person = desk.book.person(second_words.COMMON_FIRST[turn], last)
    sign = f"Freundliche Grüße\n{last}, {person.town.name}"
    return doubtful(desk.pen.mail("", _free(desk, person), desk.pen.subject(), _bare(desk, _ask(desk), sign)), person)


@situation(6)
def private_mail_with_signature(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=2)
    contact = firm.contacts[0]
    text = f"ich schreibe von unterwegs. {_ask(desk)}"
    address = desk.book.freemail(contact.first, contact.last, "DE")
    return belongs(
        desk.pen.mail(contact.name, address, desk.pen.subject(), _full(desk, firm, contact, text)), firm, contact
    )


@situation(5)
def answer_from_another_address(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    thread = desk.book.thread(firm, contact)
    body = _bare(desk, _ask(desk), f"Gruß\n{contact.name}")
    extra = [("In-Reply-To", thread), ("References", thread)]
    return belongs(desk.pen.mail(contact.name, _free(desk, firm), "Re: Ihre Anfrage", body, extra=extra), firm, contact)


@situation(6)
def passed_on_by_a_colleague(desk: Desk, turn: int) -> Case:
    known = turn < 4
    firm = desk.book.firm(listed=known)
    contact = firm.contacts[0]
    colleague, own = desk.pen.staff()
    head = (
        "-----Ursprüngliche Nachricht-----",
        "---------- Forwarded message ---------",
        "Anfang der weitergeleiteten Nachricht:",
    )[turn % 3]
    words = ("From", "To", "Subject") if turn % 3 == 1 else ("Von", "An", "Betreff")
    inner = _full(desk, firm, contact)
    body = (
        f"kannst Du übernehmen?\n\n{colleague}\n\n{head}\n{words[0]}: {contact.name} <{contact.email}>\n"
        f"{words[1]}: {own}\n{words[2]}: Frage\n\n{inner}"
    )
    mail = desk.pen.mail(colleague, own, ("WG: ", "Fwd: ", "WG: ")[turn % 3] + "Frage", body, auth="pass")
    return belongs(mail, firm, contact) if known else stranger(mail)


@situation(6)
def filled_in_on_our_site(desk: Desk, turn: int) -> Case:
    person = desk.book.person(listed=turn < 4)
    contact = person.contacts[0]
    form = (
        f"Vorname: {contact.first}\nNachname: {contact.last}\nE-Mail: {person.email}\nPLZ/Ort: {person.town.zip} "
        f"{person.town.name}\nIhre Nachricht:\n{_ask(desk)}\n"
    )
    extra = [("Reply-To", person.email)]
    mail = desk.pen.mail(
        "Website", str(second_words.OWN["webform_sender"]), "Anfrage über die Website", form, auth="pass", extra=extra
    )
    return belongs(mail, person, contact) if turn < 4 else stranger(mail)


@situation(3)
def fax_came_in(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm()
    assert firm.phone is not None
    number = firm.phone.international()
    mail = desk.pen.mail(
        "Faxserver",
        str(second_words.OWN["fax_gateway"]),
        f"Fax von {number}",
        f"Neues Fax von {number}, 2 Seiten.\n",
        auth="none",
    )
    return belongs(mail, firm)


@situation(4)
def list_put_itself_in_from(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    extra = [("List-Id", "<beschaffung.laborkreis.example>"), ("Reply-To", f"{contact.name} <{contact.email}>")]
    mail = desk.pen.mail(
        f"{contact.name} via Beschaffung",
        "beschaffung@laborkreis.example",
        "[Beschaffung] Frage",
        _full(desk, firm, contact),
        extra=extra,
    )
    return belongs(mail, firm, contact)


@situation(6, twin=True)
def forwarder_broke_the_seal(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    envelope = (
        f"verteiler-bounces+{slug(contact.last)}@turnverein.example",
        f"SRS0=Qx1=7K={firm.domain}={contact.email.partition('@')[0]}@umzug-mail.example",
    )[turn % 2]
    host = envelope.rpartition("@")[2]
    result = (
        f'{AUTHSERV}; spf=pass smtp.mailfrom={host}; dkim=fail reason="signature verification failed" '
        f"header.d={firm.domain};"
        f" dmarc=fail (p=none dis=none) header.from={firm.domain}"
    )
    mail = desk.pen.mail(
        contact.name,
        contact.email,
        "Fwd: Frage" if turn % 2 else "[Labor] Frage",
        _full(desk, firm, contact),
        auth="absent",
        extra=[("Authentication-Results", result)],
        return_path=envelope,
    )
    headers = mail["headers"]
    assert isinstance(headers, list)
    headers.insert(1, headers.pop(next(at for at, one in enumerate(headers) if one[0] == "Authentication-Results")))
    return doubtful(mail, firm)


@situation(3)
def married(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(staff=2)
    contact = firm.contacts[0]
    _, last, _ = desk.book.person_name()
    sign = f"Gruß\n{contact.first} {last} (geb. {contact.last})\n{firm.full_name}"
    mail = desk.pen.mail(
        f"{contact.first} {last}", f"{slug(last)}@{firm.domain}", "Neuer Name", _bare(desk, _ask(desk), sign)
    )
    return belongs(mail, firm, contact)


@situation(3)
def machine_answers(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    text = f"ich bin bis zum 12. Januar nicht im Haus. Ihre Mail wird nicht weitergeleitet.\n\n{contact.name}"
    extra = [("Auto-Submitted", "auto-replied")]
    return belongs(
        desk.pen.mail(contact.name, contact.email, "Abwesend: Ihr Angebot", text, extra=extra), firm, contact
    )


@situation(4)
def plus_and_case(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    local, _, host = contact.email.partition("@")
    address = (f"{local}+labor@{host}", contact.email.upper())[turn % 2]
    return belongs(desk.pen.mail(contact.name, address, desk.pen.subject(), _full(desk, firm, contact)), firm, contact)


@situation(3)
def vat_in_signature(desk: Desk, turn: int) -> Case:
    towns = [town for town in second_words.TOWNS if town.country == ("DE", "AT", "CH")[turn]]
    firm = desk.book.firm(town=towns[0])
    name = desk.unnamed(firm)
    sign = f"Mit freundlichen Grüßen\n{name}\n{firm.full_name}\nUID/USt-Id: {firm.vat_id}"
    return belongs(desk.pen.mail(name, _free(desk, firm), desk.pen.subject(), _bare(desk, _ask(desk), sign)), firm)


def _sisters(desk: Desk) -> tuple[Customer, Customer]:
    one = desk.book.firm(staff=1)
    root = one.name.split()[-1]
    other = desk.book.firm(name=f"{root} Logistik und Lager", domain=one.domain, town=desk.book.town(0), staff=1)
    return one, other


@situation(4)
def sisters_unsaid(desk: Desk, turn: int) -> Case:
    one, other = _sisters(desk)
    name = desk.unnamed(one)
    mail = desk.pen.mail(
        name, f"{slug(name, '.')}@{one.domain}", desk.pen.subject(), _bare(desk, _ask(desk), f"Gruß\n{name}")
    )
    return doubtful(mail, one, other)


@situation(4)
def sisters_said(desk: Desk, turn: int) -> Case:
    _, other = _sisters(desk)
    name = desk.unnamed(other)
    mail = desk.pen.mail(
        name, f"{slug(name, '.')}@{other.domain}", desk.pen.subject(), _full(desk, other, name, style="block")
    )
    return belongs(mail, other)


@situation(4)
def namesakes_unsaid(desk: Desk, turn: int) -> Case:
    name = (second_words.COMMON_FIRST[turn + 2], second_words.COMMON_LAST[turn + 4])
    towns = desk.rng.sample(second_words.TOWNS, 2)
    one, other = (desk.book.person(*name, town=town) for town in towns)
    return doubtful(
        desk.pen.mail(
            " ".join(name), _free(desk, one), desk.pen.subject(), _bare(desk, _ask(desk), f"Gruß\n{' '.join(name)}")
        ),
        one,
        other,
    )


@situation(4)
def namesakes_said(desk: Desk, turn: int) -> Case:
    name = (second_words.COMMON_FIRST[turn], second_words.COMMON_LAST[turn + 5])
    towns = desk.rng.sample(second_words.TOWNS, 2)
    one, _ = (desk.book.person(*name, town=town) for town in towns)
    sign = f"Gruß\n{' '.join(name)}\n{one.street}\n{one.town.zip} {one.town.name}"
    return belongs(
        desk.pen.mail(" ".join(name), _free(desk, one), desk.pen.subject(), _bare(desk, _ask(desk), sign)),
        one,
        one.contacts[0],
    )


@situation(4)
def slip_in_the_address(desk: Desk, turn: int) -> Case:
    """The known private address but for a letter, nothing else odd: a slip, or somebody else."""
    person = _regular(desk)
    contact = person.contacts[0]
    address = _slipped(person.email, contact.last)
    mail = desk.pen.mail(
        contact.name if turn % 2 else "", address, desk.pen.subject(), _bare(desk, _ask(desk), f"Gruß\n{contact.name}")
    )
    return doubtful(mail, person)


@situation(4, twin=True)
def neighbour_in_the_address(desk: Desk, turn: int) -> Case:
    """Almost a customer's address, and another person's name."""
    person = _regular(desk)
    first, last, _ = desk.book.person_name()
    mail = desk.pen.mail(
        f"{first} {last}",
        _slipped(person.email, person.contacts[0].last),
        desk.pen.subject(),
        _bare(desk, desk.pen.one_of(*second_words.NEW_WISHES), f"Gruß\n{first} {last}"),
    )
    return stranger(mail)


def _regular(desk: Desk) -> Customer:
    first, last, _ = desk.book.person_name()
    return desk.book.person(
        first, last, email=f"{slug(first, '')}.{slug(last, '')}@{desk.rng.choice(('gmx.net', 'web.de', 't-online.de'))}"
    )


def _slipped(address: str, last: str) -> str:
    local, _, host = address.partition("@")
    at = len(local) - max(2, len(slug(last, "")) // 2)
    return f"{local[:at]}{local[at + 1 :]}@{host}"


@situation(4)
def mentions_somebody(desk: Desk, turn: int) -> Case:
    firm, other = desk.firm(), desk.firm()
    contact = mailing(firm)[0]
    text = desk.pen.one_of(
        "von {other} hörten wir nur Gutes über Ihre {{product}}.", "Frau Nissen von {other} hat uns an Sie verwiesen.",
        "wie schon bei {other} bitte ohne Palette.", "unser Lieferant {other} ist ausgefallen.", other=other.full_name,
    )  # fmt: skip
    body = _full(desk, firm, contact, text.replace("{product}", "Kolben"))
    return belongs(desk.pen.mail(contact.name, contact.email, desk.pen.subject(), body), firm, contact)


@situation(3)
def agency_for_two(desk: Desk, turn: int) -> Case:
    one, other = desk.book.firm(), desk.book.firm()
    office = desk.book.firm(name=f"Planungsbüro {desk.book.person_name()[1]}", listed=False)
    text = f"im Auftrag von {one.full_name} und von {other.full_name} holen wir Angebote ein. {_ask(desk)}"
    who = office.contacts[0]
    return doubtful(
        desk.pen.mail(who.name, who.email, desk.pen.subject(), _full(desk, office, who.name, text)), one, other
    )


@situation(6, twin=True)
def honest_talk_of_money(desk: Desk, turn: int) -> Case:
    firm = desk.firm()
    contact = mailing(firm)[0]
    text = desk.pen.one_of(
        "unser Konto hat sich geändert, das Formular dazu kommt per Post.", "wir haben heute {amount} überwiesen.",
        "bitte schicken Sie uns eine Übersicht aller offenen Rechnungen.",
        "unser Spediteur holt die Ware am {date} ab.",
        "haben Sie meine Überweisung über {amount} erhalten?",
        "die Gutscheine für das Sommerfest sind angekommen, danke.",
    )  # fmt: skip
    return belongs(
        desk.pen.mail(contact.name, contact.email, desk.pen.subject(), _full(desk, firm, contact, text), auth="pass"),
        firm,
        contact,
    )


# Nobody we know


@situation(6)
def new_private_person(desk: Desk, turn: int) -> Case:
    person = desk.book.person(listed=False)
    return stranger(
        desk.pen.mail(
            person.name,
            person.email,
            desk.pen.subject(),
            _bare(
                desk,
                desk.pen.one_of(*second_words.NEW_WISHES),
                f"Gruß\n{person.name}\n{person.town.zip} {person.town.name}",
            ),
        )
    )


@situation(8)
def new_firm(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(listed=False)
    who = firm.contacts[0]
    return stranger(
        desk.pen.mail(
            who.name, who.email, desk.pen.subject(), _full(desk, firm, who, desk.pen.one_of(*second_words.NEW_WISHES))
        )
    )


@situation(4, twin=True)
def firm_of_the_same_name(desk: Desk, turn: int) -> Case:
    known = desk.firm()
    town = next(town for town in second_words.TOWNS if town.country != known.town.country)
    other = desk.book.firm(
        name=known.name,
        town=town,
        legal_form="GmbH",
        domain=f"{slug(known.name)}-{slug(town.name)}.{'at' if town.country == 'AT' else 'com'}",
        listed=False,
    )
    who = other.contacts[0]
    return stranger(
        desk.pen.mail(
            who.name, who.email, desk.pen.subject(), _full(desk, other, who, desk.pen.one_of(*second_words.NEW_WISHES))
        )
    )


@situation(4, twin=True)
def namesake_in_another_town(desk: Desk, turn: int) -> Case:
    known = desk.book.person()
    town = next(town for town in second_words.TOWNS if town.country != known.town.country)
    sign = f"Gruß\n{known.name}\n{desk.book.street()}\n{town.zip} {town.name}"
    return stranger(
        desk.pen.mail(
            known.name,
            _free(desk, known),
            desk.pen.subject(),
            _bare(desk, desk.pen.one_of(*second_words.NEW_WISHES), sign),
        )
    )


@situation(4, twin=True)
def neighbouring_name(desk: Desk, turn: int) -> Case:
    """A firm of its own whose domain happens to be near a customer's."""
    known = desk.firm()
    label, _, ending = known.domain.partition(".")
    other = desk.book.firm(domain=f"{label}{('er', 'sen', 'mann', 'hof')[turn]}.{ending}", listed=False)
    who = other.contacts[0]
    return stranger(
        desk.pen.mail(
            who.name, who.email, desk.pen.subject(), _full(desk, other, who, desk.pen.one_of(*second_words.NEW_WISHES))
        )
    )


@situation(4)
def supplier_with_own_numbers(desk: Desk, turn: int) -> Case:
    known = desk.book.firm()
    number = desk.book.reference(known, "order") if turn % 2 else known.number
    other = desk.book.firm(listed=False)
    who = other.contacts[0]
    text = desk.pen.one_of(
        "anbei unsere Rechnung {no} über {amount}.", "Ihre Kundennummer bei uns lautet {no}.",
        "unsere Auftragsnummer {no} ist versandt.", "unser Zeichen: {no}. Bitte antworten Sie bis {date}", no=number,
    )  # fmt: skip
    return stranger(desk.pen.mail(who.name, who.email, desk.pen.subject(), _full(desk, other, who, text)))


@situation(6)
def others_who_write(desk: Desk, turn: int) -> Case:
    name = desk.unnamed(desk.book.firm(listed=False))
    sender, text = (
        ("news@fachverlag-praxis.example", "Die Ausgabe im Dezember: zehn Trends für Ihr Labor. Jetzt abonnieren!"),
        (f"{slug(name, '.')}@stadt-verwaltung.example", "zum Gewerbesteuerbescheid fehlt noch die Erklärung für 2025."),
        (f"{slug(name, '.')}@mail.de", "hiermit bewerbe ich mich um die Stelle als Lagerist. Unterlagen im Anhang."),
    )[turn % 3]
    return stranger(
        desk.pen.mail(
            name if turn % 3 else "Fachverlag Praxis", sender, desk.pen.subject(), _bare(desk, text, f"Gruß\n{name}")
        )
    )


# Impostors


def _as_contact(desk: Desk, victim: Customer, domain: str, turn: int, text: str = "") -> Case:
    contact = mailing(victim)[0]
    body = _full(
        desk,
        victim,
        contact,
        text or (_ask(desk) if turn % 4 == 3 else _fraud(desk)),
        style=("block", "line", "name")[turn % 3],
    )
    return pretended(
        desk.pen.mail(
            contact.name,
            f"{contact.email.partition('@')[0]}@{domain}",
            desk.pen.subject(),
            body,
            auth=("pass", "none", "absent")[turn % 3],
        ),
        victim,
    )


@situation(12)
def slip_in_the_domain(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    label, _, ending = victim.domain.partition(".")
    at = 2 + turn % (len(label) - 3)
    changed = (
        label[:at] + label[at + 1 :],
        label[:at] + label[at] + label[at:],
        label[:at] + label[at + 1] + label[at] + label[at + 2 :],
    )[turn % 3]
    return _as_contact(desk, victim, f"{changed if changed != label else label + 'e'}.{ending}", turn)


@situation(8)
def sign_exchanged(desk: Desk, turn: int) -> Case:
    swaps = (("o", "0"), ("l", "1"), ("m", "rn"), ("i", "l"), ("e", "3"), ("w", "vv"))
    while True:
        victim = desk.victim()
        label, _, ending = victim.domain.partition(".")
        able = [(old, new) for old, new in swaps if old in label]
        if able:
            old, new = able[turn % len(able)]
            return _as_contact(desk, victim, f"{label.replace(old, new, 1)}.{ending}", turn)


@situation(10)
def word_added(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    label, _, ending = victim.domain.partition(".")
    word = ("finanz", "rechnung", "office", "mail", "gruppe", "einkauf", "online", "zentrale", "service", "pay")[turn]
    return _as_contact(desk, victim, (f"{label}-{word}.{ending}", f"{word}-{label}.{ending}")[turn % 2], turn)


@situation(8)
def other_ending_with_a_wish(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    return _as_contact(
        desk,
        victim,
        f"{victim.domain.partition('.')[0]}.{('co', 'org', 'biz', 'info')[turn % 4]}",
        0 if turn % 2 else 1,
        _fraud(desk),
    )


@situation(6)
def domain_in_front(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    return _as_contact(
        desk, victim, f"{victim.domain}.{('konto-pruefung', 'mailservice24', 'secure-id')[turn % 3]}.com", turn
    )


@situation(4)
def hyphen_elsewhere(desk: Desk, turn: int) -> Case:
    while True:
        victim = desk.victim()
        label, _, ending = victim.domain.partition(".")
        if "-" in label:
            return _as_contact(desk, victim, f"{label.replace('-', '', 1)}.{ending}", turn, _fraud(desk))


@situation(14)
def known_address_fails(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    contact = mailing(victim)[0]
    text = _ask(desk) if turn % 3 == 0 else _fraud(desk)
    path = contact.email if turn % 2 else f"www-data@{slug(second_words.HOUSES[turn % 10])}.example"
    auth = ("fail", "fail, forged pass below", "fail, forged pass above")[turn % 3]
    return pretended(
        desk.pen.mail(
            contact.name,
            contact.email,
            desk.pen.subject(),
            _full(desk, victim, contact, text),
            auth=auth,
            return_path=path,
        ),
        victim,
    )


@situation(16)
def private_mail_with_a_wish(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    contact = mailing(victim)[0]
    last = slug(contact.last)
    local = (slug(contact.name, "."), f"chef.{last}", f"buero{turn}x", f"{last}.privat")[turn % 4]
    address = f"{local}@{('gmail.com', 'outlook.com', 'proton.me', 'gmx.net')[turn % 4]}"
    name = (contact.name, f"{contact.name} ({victim.name})", contact.name, f"{contact.name} | {victim.name}")[turn % 4]
    return pretended(
        desk.pen.mail(
            name,
            address,
            desk.pen.subject(),
            _full(desk, victim, contact, _fraud(desk), style=("block", "short")[turn % 2]),
        ),
        victim,
    )


@situation(6)
def answers_to_somebody_else(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    contact = mailing(victim)[0]
    extra = [("Reply-To", f"{contact.name} <{slug(contact.last)}.{turn}@{('gmail.com', 'mail.com')[turn % 2]}>")]
    return pretended(
        desk.pen.mail(
            contact.name,
            contact.email,
            desk.pen.subject(),
            _full(desk, victim, contact, _fraud(desk)),
            auth=("none", "absent")[turn % 2],
            extra=extra,
        ),
        victim,
    )


@situation(8)
def one_of_us(desk: Desk, turn: int) -> Case:
    name, _ = second_words.OWN["staff"][turn % 3]
    text = ("sind Sie am Platz? Ich brauche kurz Ihre Hilfe, bitte nur per Mail.", _fraud(desk))[turn % 2]
    address = (f"{slug(name, '.')}@{OWN_DOMAIN.replace('lab', 'labor')}", f"leitung{turn}@gmail.com")[turn // 4]
    return pretended(desk.pen.mail(name, address, "Kurz", _bare(desk, text, name)), None)


@situation(6)
def known_address_shown(desk: Desk, turn: int) -> Case:
    victim = desk.victim()
    contact = mailing(victim)[0]
    address = f"info{turn}@{slug(second_words.HOUSES[turn])}-versand.example"
    return pretended(
        desk.pen.mail(
            f"{contact.email}", address, desk.pen.subject(), _full(desk, victim, contact, _fraud(desk), style="name")
        ),
        victim,
    )


@situation(6)
def almost_a_private_address(desk: Desk, turn: int) -> Case:
    person = _regular(desk)
    contact = person.contacts[0]
    return pretended(
        desk.pen.mail(
            contact.name,
            _slipped(person.email, contact.last),
            desk.pen.subject(),
            _bare(desk, _fraud(desk), f"Gruß\n{contact.name}"),
        ),
        person,
    )
