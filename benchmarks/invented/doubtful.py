"""Mails whose evidence fits several customers, or one but weakly: they are to be looked at."""

from benchmarks.invented import words
from benchmarks.invented.cases import Case, Desk, doubtful, situation
from benchmarks.invented.known import franchise, household, namesakes, offices_of_a_town, sisters
from benchmarks.invented.letters import Card, card
from benchmarks.invented.records import slug


@situation(12, twin=True)
def name_alone(desk: Desk, turn: int) -> Case:
    """A rare name that one contact has, from an unknown private address, and nothing else. No cause for alarm."""
    customer = desk.book.firm() if turn % 3 == 0 else desk.book.person()
    contact = customer.contacts[0]
    body = desk.letter(customer, Card(contact.name), style="name")
    address = desk.book.opaque_freemail(customer.town.country)
    return doubtful(desk.pen.mail(contact.name, address, desk.pen.subject(), body), customer)


@situation(10)
def namesakes_undecided(desk: Desk, turn: int) -> Case:
    several = namesakes(desk, 2 + turn % 2)
    who = several[0]
    body = desk.letter(who, Card(who.name), style="name")
    return doubtful(desk.pen.mail(who.name, desk.book.opaque_freemail("DE"), desk.pen.subject(), body), *several)


@situation(6)
def household_undecided(desk: Desk, turn: int) -> Case:
    """One address, two customers, and no first name."""
    one, other = household(desk)
    last = one.contacts[0].last
    sign = ("", f"Familie {last}", last)[turn % 3]
    body = desk.pen.letter(desk.request(lang="de"), sign)
    return doubtful(desk.pen.mail(("", last)[turn % 2], one.email, desk.pen.subject(), body), one, other)


@situation(6)
def sisters_undecided(desk: Desk, turn: int) -> Case:
    """A new person on the domain that several firms share; nothing tells which one."""
    several = sisters(desk, 2)
    base = next(one for one in desk.book.customers if one.domain == several[0].domain and one not in several)
    name = desk.unnamed(base)
    body = desk.letter(base, Card(name), style="name")
    mail = desk.pen.mail(name if turn % 2 else "", f"{slug(name, '.')}@{base.domain}", desk.pen.subject(), body)
    return doubtful(mail, base, *several)


@situation(6)
def franchise_undecided(desk: Desk, turn: int) -> Case:
    shops = franchise(desk)
    name = desk.unnamed(shops[0])
    body = desk.letter(shops[0], Card(name), style="name")
    box = f"{slug(name, '.')}@{shops[0].domain}" if turn % 2 else f"bestellung@{shops[0].domain}"
    return doubtful(desk.pen.mail(name, box, desk.pen.subject(), body), *shops)


@situation(5)
def office_of_a_town_undecided(desk: Desk, turn: int) -> Case:
    offices = offices_of_a_town(desk)
    name = desk.unnamed(offices[0])
    body = desk.letter(offices[0], Card(name), style="name")
    return doubtful(desk.pen.mail(name, f"{slug(name, '.')}@{offices[0].domain}", desk.pen.subject(), body), *offices)


@situation(5)
def accountant_of_several(desk: Desk, turn: int) -> Case:
    """Two firms gave the same bookkeeper's address."""
    one, other = desk.book.firm(staff=0), desk.book.firm(staff=0)
    box = desk.book.domain(f"{desk.book.person_name()[1]} Treuhand", words.TOWNS[0])
    one.email = other.email = f"mandate@{box}"
    body = desk.pen.letter(
        desk.request(lang="de"), desk.rng.choice(("Ihre Buchhaltung", "Sachbearbeitung Mandate", ""))
    )
    return doubtful(desk.pen.mail("Mandate", one.email, desk.pen.subject(), body), one, other)


@situation(5)
def thread_passed_to_another_customer(desk: Desk, turn: int) -> Case:
    """The answer in a thread with one customer comes from a contact of another."""
    first, second = desk.firm(), desk.book.firm()
    message_id = desk.book.thread(first, first.contacts[0])
    contact = second.contacts[0]
    text = desk.pen.one_of(
        "{who} hat mir Ihre Mail weitergeleitet. {request}",
        "Ihre Nachricht an {who} ist bei mir gelandet. {request}",
        "ich übernehme das von {who}: {request}",
        who=first.name,
        request=desk.request(lang="de"),
    )
    body = desk.letter(second, card(second, contact), text)
    extra = (("In-Reply-To", message_id), ("References", message_id))
    return doubtful(desk.pen.mail(contact.name, contact.email, "AW: Ihr Auftrag", body, extra=extra), first, second)


@situation(5)
def surname_and_town(desk: Desk, turn: int) -> Case:
    """Only a surname that nobody else has and the town."""
    _, one, _ = desk.book.person_name()
    first, other, _ = desk.book.person_name()
    last = f"{one.partition('-')[0]}-{other.partition('-')[0]}"
    person = desk.book.person(first, last, town=desk.rng.choice(words.TOWNS))
    sign = desk.pen.one_of(
        "{last}, {town}", "Fam. {last} aus {town}", "{last} ({town})", last=last, town=person.town.name
    )
    body = desk.pen.letter(desk.request(lang="de"), sign)
    return doubtful(desk.pen.mail("", desk.book.opaque_freemail(person.town.country), desk.pen.subject(), body), person)
