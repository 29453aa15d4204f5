"""Letters and fax on the customer's page: the form that keeps one, and the file itself."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, MultipartBody, QueryParameter
from litestar.response import Redirect

from assistant.letters import CHANNELS, SHOWN, Letters
from assistant.web.api.bodies import Number
from assistant.web.api.documents import LARGEST_FORM, document_of
from assistant.web.downloads import download
from assistant.web.render import quoted
from assistant.web.texts import t
from assistant.web.views.care import moment_of
from assistant.web.visit import Visit
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Direction

_LONGEST = 20_000


@post("/customers/{customer:str}/letters", sync_to_thread=True, status_code=303, request_max_body_size=LARGEST_FORM)
def letter(visit: Given[Visit], customer: FromPath[str], data: MultipartBody[dict[str, Any]]) -> Redirect:
    """Keep a letter or fax."""
    file = data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise WrongUse(problem=t(visit.language, "letter.no_file"))
    field = {name: value for name, value in data.items() if isinstance(value, str)}
    channel = Channel(field["channel"]) if field.get("channel") in CHANNELS else Channel.LETTER
    outgoing = field.get("direction") == Direction.OUTGOING
    entry = Interaction(
        customer_id=customer,
        channel=channel,
        date=moment_of(field.get("date", ""), visit),
        subject=field.get("subject", "").strip()[:300],
        text=field.get("text", "").strip()[:_LONGEST],
        direction=Direction.OUTGOING if outgoing else Direction.INCOMING,
        staff=visit.viewer.login,
    )
    Letters(visit.services.upkeep.notes, visit.services.reader).add(entry, file.filename, file.file.read())
    return visit.back(f"/customers/{quoted(customer)}", "letter_kept")


@get("/customers/{customer:str}/documents/{id:int}", sync_to_thread=True)
def file(
    visit: Given[Visit],
    customer: FromPath[str],
    id: Number,
    show: Annotated[bool, QueryParameter()] = False,
) -> Response[bytes]:
    """The file of a letter or fax, to keep; `show`: a picture as such."""
    found = document_of(visit.services, customer, id)
    answer = download(visit.services.pool.blobs.get(found.digest), found.name, "letter")
    if show and found.media_type in SHOWN:
        answer.media_type = found.media_type
        answer.headers["Content-Disposition"] = "inline"
    return answer


ROUTES = (letter, file)
