"""What is wrong over HTTP, for systems that watch over others."""

from datetime import datetime
from typing import Annotated

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from assistant.alarms import sentences, told_to
from assistant.ports import Services
from assistant.web.api.bodies import Body
from rules.terms.alarm import Alarm, AlarmKind
from rules.terms.staff import Role, Viewer


class AlarmBody(Body):
    """One thing that is wrong; `title` and `text` in the asker's language. `about`: of what, "" if there is but one."""

    kind: AlarmKind
    about: str
    since: datetime | None
    title: str
    text: str

    @classmethod
    def of(cls, alarm: Alarm, services: Services, language: str) -> "AlarmBody":
        """From the word of the house."""
        title, text = sentences(alarm, services.settings, language)
        return cls(kind=alarm.kind, about=alarm.about, since=alarm.since, title=title, text=text)


class AlarmsBody(Body):
    """All that is wrong as far as the asker is told of it; none where all is well."""

    alarms: list[AlarmBody]


@get("/alarms", role=Role.LEAD, sync_to_thread=True, tags=["operations"])
def alarms(
    services: Given[Services],
    viewer: Given[Viewer],
    kind: Annotated[list[AlarmKind] | None, QueryParameter(description="Only these.")] = None,
    failing: Annotated[
        bool, QueryParameter(description="Answer 503 where anything is wrong: for programs that read the status alone.")
    ] = False,
) -> Response[AlarmsBody]:
    """What is wrong just now, looked at every five minutes."""
    with services.pool.read() as work:
        found = [one for one in work.alarms.all() if told_to(one, viewer) and (not kind or one.kind in kind)]
    body = AlarmsBody(alarms=[AlarmBody.of(one, services, viewer.language) for one in found])
    return Response(body, status_code=503 if found and failing else 200)


ROUTES = (alarms,)
