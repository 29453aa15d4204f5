"""Consents over HTTP: what customers and their people agreed to, and what they took back."""

import datetime
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.care import known
from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Question, Short
from rules.consents import deciding, words_of
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.staff import Viewer


class ConsentBody(Body):
    """One word: a consent given or withdrawn. `contact` is null for the customer as a whole.

    `decides`: whether it is the one that counts now for that person and purpose. An objection to advertising stands
    above it.
    """

    id: int
    customer: str
    contact: str | None
    purpose: Purpose
    given: bool
    date: datetime.date
    way: Way
    source: str
    author: str
    at: datetime.datetime
    decides: bool

    @classmethod
    def of(cls, consent: Consent, *, decides: bool) -> "ConsentBody":
        """From the word of the house."""
        return cls(
            id=consent.id,
            customer=consent.customer_id,
            contact=consent.contact_id or None,
            purpose=consent.purpose,
            given=consent.given,
            date=consent.date,
            way=consent.way,
            source=consent.source,
            author=consent.author,
            at=consent.at,
            decides=decides,
        )


class ConsentsBody(Body):
    """Every word that was said, the newest first.

    `existing_customer`: whoever there said nothing about e-mail may be mailed without consent, for they bought and the
    firm keeps to § 7 (3) UWG.
    """

    consents: list[ConsentBody]
    existing_customer: bool


class ConsentQuestion(Question):
    """What somebody said. Without a day, today.

    `purpose`: advertising by post, email or phone, or that opened mailings are measured (opens). `way`: form, letter,
    contract, email or spoken. `source`: where it is to be found. `contact`: who said so; else the customer as a whole.
    """

    purpose: Purpose
    given: bool
    way: Way
    date: datetime.date | None = None
    contact: Name | None = None
    source: Short = ""


@get("/customers/{customer:str}/consents", sync_to_thread=True, tags=["consents"])
def consents(customer: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> ConsentsBody:
    """What a customer and their people agreed to and withdrew."""
    consenting = services.upkeep.consenting
    found = consenting.of(viewer, customer)
    with services.pool.read() as work:
        bought = consenting.mailed_as_existing(work, known(work, customer))
    words = words_of(found)
    return ConsentsBody(
        consents=[ConsentBody.of(one, decides=deciding(words, one.purpose, one.contact_id) == one) for one in found],
        existing_customer=bought,
    )


@post("/customers/{customer:str}/consents", sync_to_thread=True, tags=["consents"])
def say(
    customer: FromPath[str],
    data: JSONBody[ConsentQuestion],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime.datetime],
) -> ConsentBody:
    """Write down that somebody agreed, or withdrew it. Nothing that was said before is overwritten."""
    today = now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()
    said = Consent(
        customer,
        data.purpose,
        data.given,
        data.date or today,
        data.way,
        now,
        data.contact or "",
        data.source,
    )
    made = services.upkeep.consenting.say(viewer, said, today)
    words = words_of(services.upkeep.consenting.of(viewer, made.customer_id))
    return ConsentBody.of(made, decides=deciding(words, made.purpose, made.contact_id) == made)


ROUTES = (consents, say)
