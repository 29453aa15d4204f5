"""Survey answers over HTTP: would they recommend us, from 0 to 10."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Long, Name, Question, Short
from assistant.web.api.ledger import UpsertedBody
from rules.terms.ledger import SurveyAnswer
from rules.terms.staff import Viewer


class SurveyRow(Question):
    """An answer. Without an `external_id` it is known again by what it says."""

    customer: Name
    date: date
    score: Annotated[int, msgspec.Meta(ge=0, le=10)]
    contact: Short = ""
    comment: Long = ""
    external_id: Short = ""


@post("/surveys", status_code=200, sync_to_thread=True, tags=["surveys"])
def surveys(data: JSONBody[list[SurveyRow]], services: Given[Services], viewer: Given[Viewer]) -> UpsertedBody:
    """Bring answers, at most 1,000: all go in, or none."""
    rows = [SurveyAnswer(row.customer, row.date, row.score, row.contact, row.comment, row.external_id) for row in data]
    return UpsertedBody.of(services.upkeep.books.add(viewer, rows))


ROUTES = (surveys,)
