"""The pieces of evidence for and against a customer, each reader with one kind of thing to look at."""

from collections.abc import Iterable, Iterator
from math import log

from rules import addresses, firms, identifiers, lookalikes, names, phones, places
from rules.firms import FirmLikeness
from rules.folding import folds
from rules.matching.answers import Answers, Standing, domains_of
from rules.matching.clues import Clues
from rules.matching.contacts import names_of
from rules.matching.weights import TABLE
from rules.names import Likeness, Person
from rules.terms.customer import Customer, CustomerFile, CustomerKind, IdentifierKind
from rules.terms.finding import Evidence
from rules.writers import How

# How an exact address is called where it does not stand in From.
_ADDRESS = {How.RECIPIENT: "recipient", How.FORWARDED: "forwarded", How.FORM: "form", How.RELAY: "relayed"}
AGREE = (FirmLikeness.EXACT, FirmLikeness.VARIANT)


def piece(clues: Clues, reason: str, quote: str, shared: int = 1) -> Evidence:
    """A piece of evidence; what several customers share says less."""
    weight = clues.asked.firm.weights.get(reason, TABLE[reason].weight)
    if weight > 0:
        weight = max(0.0, weight - log(max(1, shared)))
    return Evidence(reason, " ".join(quote.split())[:200], round(weight, 2))


Pieces = Iterator[Evidence]


def _by_sender(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """The address, or else its domain."""
    id = file.customer.id
    exact = _ADDRESS.get(clues.asked.writers.how, "address") if not clues.relayed else "address"
    tagged = "alias" if exact == "address" else exact
    for person in clues.asked.writers.people:
        for reason, key in ((exact, addresses.canonical(person.addr)), (tagged, addresses.mailbox(person.addr))):
            owners = answers.owned(IdentifierKind.ADDRESS, key)
            if any(owner.customer_id == id for owner in owners.known):
                yield piece(clues, reason, person.addr, owners.count)
                return
    for domain in sorted(clues.asked.domains):
        if any(owner.customer_id == id for owner in answers.owned(IdentifierKind.DOMAIN, domain).known):
            standing = answers.standing(domain)
            if standing is not Standing.PROVIDER:
                ours = clues.asked.writers.how is How.RECIPIENT
                sure = "recipient-domain" if ours else "domain"
                reason = "domain-doubtful" if standing is Standing.DOUBTFUL and not ours else sure
                yield piece(clues, reason, domain, answers.owned(IdentifierKind.DOMAIN, domain).count)
            return
    if clues.asked.writers.how is How.RECIPIENT:
        return
    if any(answers.owned(IdentifierKind.ADDRESS, key).count for key in clues.asked.addresses):
        yield piece(clues, "other-address", clues.asked.sender)
    elif near := _near_address(clues, file):
        yield piece(clues, "address-like", f"{clues.asked.sender} ≠ {near}")
    elif clues.domain and answers.standing(clues.domain) is not Standing.PROVIDER:
        alike = {lookalikes.resemblance(clues.domain, own) for own in domains_of(file)}
        if lookalikes.Resemblance.SAME in alike:
            yield piece(clues, "domain-name", clues.domain)
        elif not clues.former_firms:
            yield piece(clues, "other-domain", clues.domain)


def _near_address(clues: Clues, file: CustomerFile) -> str:
    """The customer's private address that is one slip off the sender's, unless somebody else writes by their name."""
    if clues.domain or not clues.asked.sender or clues.asked.writers.how is not How.SENDER:
        return ""
    fields = (file.customer.email, *(field for one in file.contacts for field in (one.email, one.email2)))
    known = (address for field in fields for address in identifiers.mail_addresses(field))
    near = next((address for address in known if lookalikes.slip_of(clues.asked.sender, address)), "")
    own = [person for _, person in names_of(file)]
    likes = [like for person in clues.whole_persons for like in _likes(person, own)]
    return near if not likes or any(like in _RANKED for like in likes) else ""


def _by_thread(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """The mail it answers; who was not part of that is matched anew, with the thread as one piece of evidence."""
    if clues.asked.writers.how not in (How.SENDER, How.RELAY):
        return
    entry = next((answers.thread[one] for one in clues.asked.parents if one in answers.thread), None)
    if entry is not None and entry.customer_id == file.customer.id:
        took_part = clues.asked.sender in entry.participants
        yield piece(clues, "thread" if took_part else "thread-joined", entry.message_id)


def _by_numbers(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """Customer number, or the number of an order, an invoice …; VAT id."""
    id = file.customer.id
    for number in clues.numbers:
        owners = answers.owned(IdentifierKind.NUMBER, number.value)
        sources = {owner.source for owner in owners.known if owner.customer_id == id}
        if sources:
            own = identifiers.CUSTOMERS in sources
            yield piece(clues, "number" if own else "reference", number.quote, owners.count)
            break
    theirs = identifiers.vat_id(file.customer.vat_id)
    same = next((vat for vat in clues.vat_ids if vat.value == theirs), None)
    if same is not None:
        yield piece(clues, "vat", same.quote, answers.owned(IdentifierKind.VAT, same.value).count)
    elif theirs and clues.vat_ids:
        yield piece(clues, "other-vat", clues.vat_ids[0].quote)


def _by_phone(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """The line they give, read as numbers are written in the customer's country."""
    fields = (
        file.customer.phone,
        file.customer.fax,
        *(one.phone for one in file.contacts),
        *(one.mobile for one in file.contacts),
    )
    fields = tuple(field for field in fields if field)
    region = file.customer.country.upper() or identifiers.REGION
    given = clues.phones_in(region)
    if not given or not fields:
        return
    own = frozenset(key for field in fields for key in phones.keys(field, region))
    same = [(answers.owned(IdentifierKind.PHONE, key).count, one.quote) for one in given for key in one.keys & own]
    if same:
        count, quote = min(same)
        yield piece(clues, "phone", quote, count)
    elif not clues.moved:
        yield piece(clues, "other-phone", given[0].quote)


def _by_firm(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """The firm in display name and signature, today's or a former one."""
    customer = file.customer
    if customer.kind is CustomerKind.PERSON:
        return
    likes = {name: firms.compare(name, customer.name) for name in clues.firm_names}
    for reason, wanted in (("firm", AGREE), ("firm-like", (FirmLikeness.TYPO,))):
        agreeing = next((name for name, like in likes.items() if like in wanted), None)
        if agreeing is not None:
            shared = (answers.owned(IdentifierKind.FIRM, key).count for key in firms.firm_keys(agreeing))
            yield piece(clues, reason, agreeing, max(shared, default=1))
            break
    else:
        told = {word for person in clues.persons for word in names.words_of(f"{person.first} {person.last}")}
        # A lone "Keller" below a mail is its writer, though there is a firm "Gebr. Keller".
        firmly = (name for name in clues.firm_names if not told.issuperset(names.words_of(name)))
        known = (name for name in firmly if _is_known(name, answers))
        other = next(iter((*clues.certain_firms, *known)), None)
        if other is not None:
            yield piece(clues, "other-firm", other)
    if clues.tenant and _is_tenant(clues.tenant, file):
        yield piece(clues, "tenant", clues.asked.sender)


def _is_known(name: str, answers: Answers) -> bool:
    """Whether a name without a legal form is a customer's."""
    return any(answers.owned(IdentifierKind.FIRM, key).count for key in firms.firm_keys(name))


def _is_tenant(tenant: str, file: CustomerFile) -> bool:
    own = {"".join(names.words_of(lookalikes.name(domain))) for domain in domains_of(file)}
    called = firms.firm_keys(file.customer.name)
    return tenant in own or tenant in called


def _by_person(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """The persons who sign, or are named beside the address, among the customer's people."""
    if clues.automatic:
        return
    own = [person for _, person in names_of(file)]
    likes = [(like, mine) for mine in (*clues.persons, *clues.former_persons) for like in _likes(mine, own)]
    best = min((pair for pair in likes if pair[0] in _RANKED), key=lambda pair: _RANKED.index(pair[0]), default=None)
    if best is not None:
        yield _named(clues, file, answers, *best)
    lone = next((mine for like, mine in likes if like is Likeness.FIRST_ONLY), None)
    if lone is not None and (best is None or best[0] is Likeness.LAST_ONLY) and _has_address(clues, file, answers):
        # From an address of their household's; from any other it says nothing.
        yield piece(clues, "first-name", lone.first or lone.last)
        return
    if best is not None:
        return
    for person in clues.whole_persons:
        # A private customer's mail signed by another, or a firm's by one whom we know from elsewhere.
        known = answers.owned(IdentifierKind.PERSON, identifiers.person_key(person)).count
        if known or file.customer.kind is CustomerKind.PERSON:
            yield piece(clues, "other-person", f"{person.first} {person.last}")
            return


def _named(clues: Clues, file: CustomerFile, answers: Answers, like: Likeness, person: Person) -> Evidence:
    """What a name says that is like one of the customer's people's."""
    reason = {Likeness.EXACT: "person", Likeness.LAST_ONLY: "surname"}.get(like, "person-like")
    if like is Likeness.EXACT:
        keys = frozenset({identifiers.person_key(person)})
    elif like in (Likeness.VARIANT, Likeness.LAST_ONLY) and person == _rarely_named(clues, file, answers):
        reason, keys = "rare-surname", names.last_keys(person.last)
    else:
        # Of a name that is only like it, those count who are found by any of its variants.
        keys = names.person_keys(person.first, person.last)
    counted = max((answers.owned(IdentifierKind.PERSON, key).count for key in keys), default=1)
    return piece(clues, reason, f"{person.first} {person.last}", counted)


def _rarely_named(clues: Clues, file: CustomerFile, answers: Answers) -> Person | None:
    """Who bears a private customer's surname, where few do: neither a common one, nor one of many in the pool."""
    owner = identifiers.own_name(file.customer) if file.customer.kind is CustomerKind.PERSON else None
    if owner is None:
        return None
    for person in clues.persons:
        if names.is_common(person.last) or names.compare(person, owner) not in _SURNAMED:
            continue
        if any(0 < answers.owned(IdentifierKind.PERSON, key).count <= _FEW for key in names.last_keys(person.last)):
            return person
    return None


_FEW = 5
_SURNAMED = (Likeness.EXACT, Likeness.VARIANT, Likeness.LAST_ONLY)
# What says more comes first.
_RANKED = (Likeness.EXACT, Likeness.VARIANT, Likeness.TYPO, Likeness.LAST_ONLY)


def _has_address(clues: Clues, file: CustomerFile, answers: Answers) -> bool:
    """Whether the mail comes from an address that this customer has."""
    owners = (answers.owned(IdentifierKind.ADDRESS, key) for key in clues.asked.addresses)
    return any(owner.customer_id == file.customer.id for found in owners for owner in found.known)


def _likes(person: Person, own: Iterable[Person]) -> Iterator[Likeness]:
    for one in own:
        like = names.compare(person, one)
        if like is Likeness.VARIANT and _spellings(person) & _spellings(one):
            # "Ruediger", "Rudiger" and "Rüdiger" are one name.
            like = Likeness.EXACT
        yield like


def _spellings(person: Person) -> set[tuple[str, ...]]:
    return {tuple(sorted(names.words_of(way))) for way in folds(f"{person.first} {person.last}")}


def _by_place(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    customer = file.customer
    here = _place_of(customer)
    same = [places.same_place(one, here) for one in clues.places]
    if clues.tells_street(customer.street) and (True in same or not clues.places):
        yield piece(clues, "street", customer.street)
    elif True in same:
        yield piece(clues, _place_reason(clues, file, answers), clues.places[same.index(True)].quote)
    elif clues.places and False in same and None not in same:
        if not clues.moved and not clues.former_firms:
            private = customer.kind is CustomerKind.PERSON
            yield piece(clues, "other-home" if private else "other-place", clues.places[0].quote)
    elif customer.city and clues.tells_town(customer.city):
        yield piece(clues, _place_reason(clues, file, answers), customer.city)


def _place_reason(clues: Clues, file: CustomerFile, answers: Answers) -> str:
    """A town is a private customer's own beside a rare name that nobody else there has."""
    person = _rarely_named(clues, file, answers)
    here = _place_of(file.customer)
    postcode = any(one.postcode == here.postcode for one in clues.places if one.postcode)
    if person is None or not (person.first or postcode):
        # A family name and a town, loosely: relatives write so too.
        return "place"
    neighbours = (one.customer for id, one in answers.files.items() if id != file.customer.id)
    namesakes = (other for other in neighbours if (name := identifiers.own_name(other)) and _surnamed(person, name))
    return "place" if any(places.same_place(_place_of(one), here) is not False for one in namesakes) else "residence"


def _surnamed(person: Person, other: Person) -> bool:
    return names.compare(Person("", person.last), Person("", other.last)) is Likeness.LAST_ONLY


def _place_of(customer: Customer) -> places.Place:
    return places.Place(customer.zip, customer.city, customer.country)


def _by_statement(clues: Clues, file: CustomerFile, answers: Answers) -> Pieces:
    """What they say of themselves: "we are no customer yet", "I no longer work there"."""
    if clues.newcomer:
        yield piece(clues, "not-customer", clues.newcomer)
    if clues.left and firms.firm_keys(file.customer.name) & _runs(clues.left):
        yield piece(clues, "left", clues.left)


def _runs(text: str) -> frozenset[str]:
    """The keys of all names that the words of a text can make."""
    words = text.split()[:12]
    pairs = ((begin, end) for begin in range(len(words)) for end in range(begin + 1, min(begin + 6, len(words)) + 1))
    return frozenset(key for begin, end in pairs for key in firms.firm_keys(" ".join(words[begin:end])))


# Of a mail whose address says enough no more is read than this.
PLAIN = (_by_sender, _by_thread, _by_person)
ALL = (_by_sender, _by_thread, _by_numbers, _by_phone, _by_firm, _by_person, _by_place, _by_statement)
