"""Mails that belong to nobody in the records: leads, namesakes, sellers, machines, colleagues."""

from benchmarks.invented import words
from benchmarks.invented.cases import Case, Desk, mailing, situation, stranger
from benchmarks.invented.known import namesakes
from benchmarks.invented.letters import Card, card
from benchmarks.invented.records import Customer, slug

# Surnames that differ by a letter and are both common.
SPELLINGS = (
    *(("Maier", "Mayer"), ("Schmied", "Schmid"), ("Fischler", "Fischer"), ("Hubler", "Huber"), ("Höfler", "Höfer")),
    *(
        ("Fricker", "Fricke"),
        ("Kolbe", "Kolber"),
        ("Steiner", "Steinert"),
        ("Riedel", "Riedl"),
        ("Bachmann", "Pachmann"),
    ),
)


def _lead(desk: Desk) -> str:
    """A first inquiry, or what any customer might write."""
    return desk.pen.text("leads", "de") if desk.rng.random() < 0.7 else desk.request(lang="de")


@situation(20)
def firm_never_seen(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(listed=False)
    contact = firm.contacts[0]
    lang = desk.lang(firm)
    text = _lead(desk) if lang == "de" else desk.pen.text("leads", "en")
    body = desk.pen.letter(text, desk.pen.signed(card(firm, contact, vat=turn % 4 == 0)))
    return stranger(desk.pen.mail(desk.display(contact.name), contact.email, desk.pen.subject(), body))


@situation(20)
def person_never_seen(desk: Desk, turn: int) -> Case:
    person = desk.book.person(listed=False)
    body = desk.pen.letter(
        _lead(desk), desk.pen.signed(card(person, person.contacts[0]), style="name" if turn % 2 else "")
    )
    return stranger(desk.pen.mail(desk.display(person.name), person.email, desk.pen.subject(), body))


@situation(10, twin=True)
def namesake_elsewhere(desk: Desk, turn: int) -> Case:
    """A common name that customers have too, but another town, street and telephone, or another firm."""
    known, *_ = namesakes(desk, 2)
    taken = {one.town.name for one in desk.book.customers if one.name == known.name}
    town = desk.rng.choice([town for town in words.TOWNS if town.name not in taken])
    if turn % 2:
        firm = desk.book.firm(listed=False, staff=0, town=town)
        body = desk.pen.letter(_lead(desk), desk.pen.signed(card(firm, known.name), style="block"))
        return stranger(desk.pen.mail(known.name, f"{slug(known.name, '.')}@{firm.domain}", desk.pen.subject(), body))
    first, _, last = known.name.partition(" ")
    other = desk.book.person(first, last, town=town, listed=False)
    body = desk.pen.letter(desk.pen.text("leads", "de"), desk.pen.signed(card(other, other.contacts[0]), style="block"))
    return stranger(desk.pen.mail(other.name, desk.book.opaque_freemail(town.country), desk.pen.subject(), body))


@situation(10, twin=True)
def firm_of_that_name_elsewhere(desk: Desk, turn: int) -> Case:
    """Another "Gasthof Schwanen": same name, other town, own domain, first inquiry."""
    known = desk.book.firm(town=desk.rng.choice(words.TOWNS))
    town = desk.rng.choice([town for town in words.TOWNS if town.country != known.town.country])
    name = f"{known.name} {town.name}"
    other = desk.book.firm(name=known.name, town=town, domain=desk.book.domain(name, town), staff=1, listed=False)
    body = desk.pen.letter(
        desk.pen.text("leads", "de"), desk.pen.signed(card(other, other.contacts[0], vat=True), style="block")
    )
    return stranger(desk.pen.mail(other.contacts[0].name, other.contacts[0].email, desk.pen.subject(), body))


@situation(10, twin=True)
def neighbouring_domain(desk: Desk, turn: int) -> Case:
    """Another firm of that name whose domain differs by an ending or a word: own people, own town, no demand."""
    known = desk.book.firm(town=desk.rng.choice(words.TOWNS))
    town = desk.rng.choice([town for town in words.TOWNS if town.country != known.town.country])
    label, _, ending = known.domain.rpartition(".")
    domain = (
        f"{label}.{words.DOMAIN_ENDINGS[town.country]}",
        f"{label}-{slug(town.name)}.{ending}",
        f"{label}-laden.com",
    )[turn % 3]
    if domain == known.domain:
        domain = f"{label}.info"
    other = desk.book.firm(
        name=f"{known.name} {desk.rng.choice(words.HOUSES)}", town=town, domain=domain, staff=1, listed=False
    )
    body = desk.pen.letter(desk.pen.text("leads", "de"), desk.pen.signed(card(other, other.contacts[0]), style="block"))
    return stranger(
        desk.pen.mail(other.contacts[0].name, other.contacts[0].email, desk.pen.subject(), body, auth="pass")
    )


@situation(10, twin=True)
def surname_spelt_otherwise(desk: Desk, turn: int) -> Case:
    """Customer Bäckerei Mair, stranger Bäckerei Mayr: one letter between the names and between the domains."""
    one, other = SPELLINGS[turn % len(SPELLINGS)]
    trade = desk.rng.choice(words.TRADES)
    town = desk.rng.choice(words.TOWNS)
    far = desk.rng.choice([place for place in words.TOWNS if place.country != town.country])
    known_domain, domain = (
        f"{slug(f'{trade} {name}')}.{ending}" for name, ending in ((one, "ch"), (other, "ch" if turn % 2 else "at"))
    )
    desk.book.firm(name=f"{trade} {one}", town=town, domain=known_domain)
    stranger_firm = desk.book.firm(name=f"{trade} {other}", town=far, domain=domain, staff=1, listed=False)
    who = stranger_firm.contacts[0]
    body = desk.pen.letter(
        desk.pen.text("leads", "de"), desk.pen.signed(card(stranger_firm, who, vat=turn % 3 == 0), style="block")
    )
    return stranger(desk.pen.mail(who.name, who.email, desk.pen.subject(), body, auth="pass"))


@situation(8, twin=True)
def seller_of_similar_name(desk: Desk, turn: int) -> Case:
    """A supplier's own invoice or offer; its name shares a word with a customer's."""
    known = desk.book.firm(
        name=desk.book.once("firm", lambda: f"{desk.rng.choice(words.TRADES)} {desk.rng.choice(words.LAST['de'])}")
    )
    last = known.name.split()[-1]
    trade = desk.rng.choice(("Verpackungen", "Spedition", "Reinigungstechnik", "Textildruck"))
    other = desk.book.firm(name=f"{last} {trade}", listed=False, town=desk.rng.choice(words.TOWNS), staff=1)
    body = desk.pen.letter(
        desk.pen.text("sales"), desk.pen.signed(card(other, other.contacts[0], vat=True), style="block")
    )
    return stranger(desk.pen.mail(other.full_name, other.contacts[0].email, "Unsere Rechnung", body))


@situation(10, twin=True)
def recommended(desk: Desk, turn: int) -> Case:
    """A stranger whom a customer has sent."""
    known = desk.book.firm()
    whose = known.contacts[0]
    text = desk.pen.one_of(
        "{person} vom {firm} hat Sie mir ans Herz gelegt. {lead}",
        "Ihre Nummer habe ich von {firm} in {town}. {lead}",
        "auf Empfehlung von {person} ({firm}, {town}) wende ich mich an Sie. {lead}",
        "ich war kürzlich beim {firm} zum Essen, die Teller sind ein Traum und sollen von Ihnen sein. {lead}",
        "{firm} sagt, Ihr Kundendienst sei der beste weit und breit. {lead}",
        person=("Frau " if whose.female else "Herr ") + whose.last,
        firm=known.name,
        town=known.town.name,
        lead=desk.pen.text("leads", "de"),
    )
    other = desk.book.firm(listed=False) if turn % 2 else desk.book.person(listed=False)
    body = desk.pen.letter(text, desk.pen.signed(card(other, other.contacts[0])))
    return stranger(desk.pen.mail(other.contacts[0].name, other.contacts[0].email, desk.pen.subject(), body))


@situation(5, twin=True)
def same_house_same_number(desk: Desk, turn: int) -> Case:
    """Another firm in the same building; only street and town are the same."""
    known = desk.book.firm()
    other = desk.book.firm(listed=False, town=known.town, staff=1)
    other.street = known.street
    body = desk.pen.letter(desk.pen.text("leads", "de"), desk.pen.signed(card(other, other.contacts[0]), style="block"))
    return stranger(desk.pen.mail(other.contacts[0].name, other.contacts[0].email, desk.pen.subject(), body))


@situation(6)
def same_regional_provider(desk: Desk, turn: int) -> Case:
    """A private stranger at a provider where several customers have their addresses."""
    host = words.REGIONAL_PROVIDERS[1 + turn % 2]
    for _ in range(2):
        first, last, _ = desk.book.person_name()
        desk.book.person(first, last, email=f"{slug(first, '')}.{slug(last, '')}@{host}")
    first, last, _ = desk.book.person_name()
    address = f"{slug(first, '')}.{slug(last, '')}@{host}"
    body = desk.pen.letter(_lead(desk), f"{desk.pen.closing('de', '')}\n{first} {last}")
    return stranger(desk.pen.mail(f"{first} {last}", address, desk.pen.subject(), body))


@situation(4, twin=True)
def namesake_of_a_colleague(desk: Desk, turn: int) -> Case:
    """A private person who happens to be called like one of us, with a harmless first inquiry and a full address."""
    other = desk.book.person("Thomas", "Keller", listed=False, town=words.TOWNS[3 + turn])
    address = desk.book.once("address", lambda: f"thomas.keller{desk.rng.randint(50, 99)}@gmx.de")
    body = desk.pen.letter(desk.pen.text("leads", "de"), desk.pen.signed(card(other, other.contacts[0]), style="block"))
    return stranger(desk.pen.mail("Thomas Keller", address, desk.pen.subject(), body))


@situation(4)
def number_that_is_theirs(desk: Desk, turn: int) -> Case:
    """A stranger's own file number happens to be one of ours."""
    owner = desk.book.take(lambda one: one.kind == "firm")
    clue = desk.pen.one_of(
        "Unser Zeichen: {no}", "Our ref: {no}", "Unsere Projektnummer {no}", no=desk.book.reference(owner, "invoice")
    )
    other = desk.book.firm(listed=False, staff=1)
    body = desk.pen.letter(f"{desk.pen.text('leads', 'de')}\n{clue}", desk.pen.signed(card(other, other.contacts[0])))
    return stranger(
        desk.pen.mail(other.contacts[0].name, other.contacts[0].email, clue if turn % 2 else "Anfrage", body)
    )


@situation(5)
def left_and_private(desk: Desk, turn: int) -> Case:
    """A former contact, marked as left, who now asks for themselves."""
    old = desk.book.firm(staff=2)
    person = old.contacts[0]
    person.status = "left"
    person.mobile = None
    text = desk.pen.one_of(
        "vielleicht erinnern Sie sich, ich war früher beim {old}. Jetzt frage ich für mich privat: {lead}",
        "beim {old} bin ich nicht mehr, ich möchte privat etwas kaufen. {lead}",
        "nach meiner Pensionierung vom {old} koche ich nur noch daheim. {lead}",
        old=old.name,
        lead=desk.pen.text("leads", "de"),
    )
    body = desk.pen.letter(text, f"{desk.pen.closing('de', '')}\n{person.name}")
    address = desk.book.freemail(person.first, person.last, old.town.country)
    return stranger(desk.pen.mail(person.name, address, "Private Anfrage", body))


@situation(6)
def applicant(desk: Desk, turn: int) -> Case:
    person = desk.book.person(listed=False)
    body = desk.pen.letter(
        desk.pen.text("applicants"), desk.pen.signed(card(person, person.contacts[0]), style="short")
    )
    return stranger(desk.pen.mail(person.name, person.email, "Bewerbung", body))


@situation(4)
def authority(desk: Desk, turn: int) -> Case:
    host = ("marktaufsicht-amt.example", "statistik-behoerde.example", "lebensmittelinspektorat.example")[turn % 3]
    first, last, _ = desk.book.person_name()
    body = desk.pen.letter(desk.pen.text("authorities"), f"{first} {last}\nSachbearbeitung")
    return stranger(desk.pen.mail(f"{first} {last}", f"poststelle@{host}", "Ihr Betrieb", body))


@situation(8, twin=True)
def newsletter(desk: Desk, turn: int) -> Case:
    """Mass mail; every second one praises a firm that is a customer."""
    host = ("gastro-brief.example", "messe-post.example", "papierwelt.example")[turn % 3]
    text = desk.pen.text("newsletters")
    if turn % 2:
        known = desk.book.firm()
        text = f"Porträt des Monats: {known.name}, {known.town.name}.\n\n{text}"
    extra = (("List-Unsubscribe", f"<https://{host}/abmelden>"), ("Precedence", "bulk"), ("List-Id", f"<news.{host}>"))
    return stranger(desk.pen.mail("Redaktion", f"news@{host}", "Neues aus der Branche", text, auth="pass", extra=extra))


@situation(6)
def machine(desk: Desk, turn: int) -> Case:
    host = ("paketbote.example", "rechenzentrum-ost.example", "bewertungen.example")[turn % 3]
    extra = (("Auto-Submitted", "auto-generated"),)
    return stranger(
        desk.pen.mail("Automatischer Versand", f"noreply@{host}", "Information", desk.pen.text("services"), extra=extra)
    )


@situation(6)
def among_colleagues(desk: Desk, turn: int) -> Case:
    """One of us to one of us, every second time about a customer."""
    colleague, own = desk.pen.staff()
    text = desk.pen.text("internal")
    if turn % 2:
        known: Customer = desk.firm()
        who = mailing(known)[0]
        text = desk.pen.one_of(
            "{who} von {firm} hat angerufen, bitte zurückrufen.",
            "zu {firm}: {text}",
            who=who.name,
            firm=known.name,
            text=text,
        )
    body = desk.pen.letter(text, desk.pen.signed(Card(colleague), style="name"), greeting=False)
    return stranger(desk.pen.mail(colleague, own, "Intern", body, auth="pass"))


@situation(5)
def seller_never_seen(desk: Desk, turn: int) -> Case:
    firm = desk.book.firm(listed=False)
    body = desk.pen.letter(desk.pen.text("sales"), desk.pen.signed(card(firm, firm.contacts[0])))
    return stranger(desk.pen.mail(firm.contacts[0].name, firm.contacts[0].email, "Angebot", body))
