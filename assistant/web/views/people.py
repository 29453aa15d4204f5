"""A customer's people on their page: how they like to be addressed, and what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from litestar.response import Redirect

from assistant.web.render import quoted
from assistant.web.texts import t, texts
from assistant.web.views.care import day_of
from assistant.web.visit import Form, Visit
from rules.consents import as_existing_customer, words_of
from rules.preferences import ADDRESS_FORMS, FIELDS
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, ContactChange
from rules.terms.errors import WrongUse
from rules.terms.interaction import REACHES
from rules.terms.worth import Bar
from storage.pool import Work

_CHANGES = 5
_LONGEST = 200
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, what is known of how they like to be addressed in words, what may be chosen, and what was set last."""

    contact: Contact
    liked: Sequence[str]
    channels: Choices
    languages: Choices
    forms: Choices
    changes: Sequence[ContactChange]


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer and their people agreed to: the latest word of each on each purpose, and every word.

    `objects`: they object to advertising, which stands above it. `existing`: as an existing customer they may be mailed
    without consent, § 7 (3) UWG.
    """

    standing: Sequence[Consent]
    history: Sequence[Consent]
    names: dict[str, str]
    objects: bool
    existing: bool
    purposes: Sequence[Purpose] = tuple(Purpose)
    ways: Sequence[Way] = tuple(Way)

    def who(self, consent: Consent) -> str:
        """Who said it."""
        return self.names.get(consent.contact_id, consent.contact_id)


def people(visit: Visit, work: Work, customer_id: str) -> list[Person]:
    """Who speaks for a customer, those who have left last."""
    found = sorted(work.customers.contacts_of(customer_id), key=lambda contact: not contact.active)
    changes = work.contact_changes.of([contact.id for contact in found])
    return [_person(contact, changes.get(contact.id, ())[:_CHANGES], visit.language) for contact in found]


def said(visit: Visit, work: Work, customer_id: str, there: Sequence[Person]) -> Said:
    """What they agreed to."""
    history = work.consents.of(customer_id)
    names = {one.contact.id: one.contact.name for one in there} | {"": t(visit.language, "consents.whole")}
    words = words_of(history)
    standing = [one for purpose in Purpose for one in words.get(purpose, {}).values()]
    objects = Bar.OBJECTION in work.decisions.bars([customer_id]).get(customer_id, ())
    bought = visit.services.upkeep.consenting.mailed_as_existing(work, customer_id)
    existing = as_existing_customer(words, Purpose.EMAIL, bought=bought) and not objects
    return Said(standing, history, names, objects, existing)


@post("/contacts/{contact:str}/preferences", sync_to_thread=True, status_code=303)
def prefer(visit: Given[Visit], contact: FromPath[str], data: Form) -> Redirect:
    """Set how a contact likes to be addressed."""
    given = {name: data[name][:_LONGEST] for name in FIELDS if name in data}
    changed = visit.services.upkeep.contacting.change(visit.viewer, contact, given)
    return visit.back(f"/customers/{quoted(changed.customer_id)}#people", "preferred")


@post("/customers/{customer:str}/consents", sync_to_thread=True, status_code=303)
def consent(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Write down that somebody agreed, or withdrew it."""
    if data.get("purpose") not in set(Purpose) or data.get("way") not in set(Way):
        raise WrongUse(problem=t(visit.language, "consents.unknown"))
    today = visit.now.date()
    given = Consent(
        customer,
        Purpose(data["purpose"]),
        bool(data.get("given")),
        day_of(data.get("date", ""), visit.language) or today,
        Way(data["way"]),
        visit.now,
        data.get("contact", "")[:_LONGEST],
        data.get("source", "")[:_LONGEST],
    )
    made = visit.services.upkeep.consenting.say(visit.viewer, given, today)
    return visit.back(f"/customers/{quoted(made.customer_id)}#consents", "consented")


def _person(contact: Contact, changes: Sequence[ContactChange], language: str) -> Person:
    channels, languages = texts(language)["channel"], texts(language)["languages"]
    preferred = channels.get(contact.preferred_channel, contact.preferred_channel)
    liked = (
        t(language, "customer.preferred", channel=preferred) if preferred else "",
        languages.get(contact.language, contact.language),
        contact.address_form,
    )
    unknown = t(language, "people.unknown")
    return Person(
        contact,
        [word for word in liked if word],
        _choices(unknown, {channel.value: channels[channel] for channel in REACHES}, contact.preferred_channel),
        _choices(unknown, dict(sorted(languages.items(), key=lambda one: str(one[1]))), contact.language),
        _choices(unknown, {form: form for form in ADDRESS_FORMS}, contact.address_form),
        changes,
    )


def _choices(unknown: str, known: dict[str, str], now: str) -> Choices:
    """What may be chosen: nothing, what we have words for, and what stands there."""
    return tuple(({"": unknown} | ({now: now} if now else {}) | known).items())


ROUTES = (prefer, consent)
