"""Alarms on the start page: for whoever looks after Kingpost."""

from datetime import UTC, datetime

from rules.terms.alarm import Alarm, AlarmKind
from tests.assistant.web.house import House


def test_whoever_looks_after_kingpost_reads_alarms_on_the_start_page(own_firm: House) -> None:
    found = [
        Alarm(AlarmKind.DISK, "/srv/kingpost", {"free": "0.4"}),
        Alarm(AlarmKind.SILENCE, "geheim", {"hours": "5", "last": "2026-11-20T08:00:00+00:00"}),
    ]
    with own_firm.services.pool.begin() as work:
        work.alarms.renew(found, {AlarmKind.DISK, AlarmKind.SILENCE}, datetime.now(UTC))

    def start(login: str, language: str = "de") -> str:
        return own_firm.client(login).get("/", headers={"accept": "text/html", "accept-language": language}).text

    assert "Der Speicherplatz wird knapp: noch 0,4 GB" in start("adam")
    assert "geheim: Ungewöhnlich still" in start("adam")
    assert "running out: 0.4 GB left" in start("adam", "en")
    # Of a mailbox that is not theirs to read a lead learns nothing.
    assert "Der Speicherplatz wird knapp" in start("lena")
    assert "geheim" not in start("lena")
    assert "knapp" not in start("anna")


def test_systems_that_watch_over_others_ask_by_http(own_firm: House) -> None:
    lena = own_firm.client("lena", token=["read"])
    assert lena.get("/api/v1/alarms?failing=true").json() == {"alarms": []}
    found = [
        Alarm(AlarmKind.BACKUP, "", {"reason": "Kein Platz."}),
        Alarm(AlarmKind.MAILBOX, "info", {"refused": "yes"}),
        Alarm(AlarmKind.MAILBOX, "geheim", {"refused": ""}),
    ]
    with own_firm.services.pool.begin() as work:
        work.alarms.renew(found, {AlarmKind.BACKUP, AlarmKind.MAILBOX}, datetime.now(UTC))
    answer = lena.get("/api/v1/alarms", headers={"accept-language": "de"})
    assert answer.status_code == 200
    told = answer.json()["alarms"]
    assert {(one["kind"], one["about"]) for one in told} == {("backup", ""), ("mailbox", "info")}
    assert "Die letzte Sicherung ist misslungen" in {one["title"] for one in told}
    assert lena.get("/api/v1/alarms?failing=true").status_code == 503
    assert len(lena.get("/api/v1/alarms?kind=mailbox").json()["alarms"]) == 1
    assert lena.get("/api/v1/alarms?failing=true&kind=disk").status_code == 200
    assert len(own_firm.client("adam", token=["read"]).get("/api/v1/alarms").json()["alarms"]) == 3
    assert own_firm.client("anna", token=["read"]).get("/api/v1/alarms").status_code == 403
