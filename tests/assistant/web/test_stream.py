import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from assistant.events import Arrived, CaseChanged, Changed, Event, HealthNews, Opened
from assistant.web.files import files
from assistant.web.gate import Credential
from assistant.web.metrics import Metrics
from assistant.web.server import Server, listen
from assistant.web.stream import Frames, Rhythm
from rules.terms.case import Case
from rules.terms.errors import AddressInUse, PoolBusy
from storage.peers import Alone
from tests.assistant.web.house import PASSWORD, SECRET, House, build, store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG = 30.0


def opened(mailbox: str, no: int | None) -> Opened:
    return Opened(mailbox, no, NOW)


def parse(frame: str) -> tuple[str, Any]:
    fields = dict(line.split(": ", 1) for line in frame.strip().splitlines())
    return fields["event"], json.loads(fields["data"])


def frames(
    house: House, login: str, mailboxes: set[str], *, keepalive: float = LONG, credential: Credential | None = None
) -> Frames:
    """A stream as the handler makes it; call it in the loop."""
    access, broker = house.services.access, house.services.broker
    credential = credential or Credential("session", house.session(login))
    viewer = credential.viewer(access, datetime.now(UTC))
    assert viewer is not None
    return Frames(house.services, credential, broker.subscribe(viewer, frozenset(mailboxes)), Rhythm(keepalive))


async def next_of(stream: AsyncIterator[bytes]) -> tuple[str, Any]:
    frame = (await asyncio.wait_for(anext(stream), 10)).decode()
    return await next_of(stream) if frame.startswith("retry") else parse(frame)


def told(
    house: House, login: str, mailboxes: set[str], *events: Event, keepalive: float = 0.3
) -> list[tuple[str, Any]]:
    """What a stream tells of these events until it falls silent."""

    async def run() -> list[tuple[str, Any]]:
        stream = frames(house, login, mailboxes, keepalive=keepalive)
        for event in events:
            house.services.broker.publish(event)
        found = []
        while (frame := await next_of(stream))[0] != "keepalive":
            found.append(frame)
        stream.close()
        return found

    return asyncio.run(run())


def test_the_owner_sees_what_was_opened_at_once(firm: House) -> None:
    [(name, data)] = told(firm, "anna", {"anna"}, opened("anna", firm.annas_mail))
    assert name == "opened"
    assert (data["mailbox"], data["mode"]) == ("anna", "show")
    assert data["customer"]["name"] == "Hansen Metallbau"
    assert data["message"]["subject"] == "Betreff Anna"


def test_a_shared_mailbox_is_silent_until_a_lead_switches_it_on(own_firm: House) -> None:
    event = opened("info", own_firm.open_mail)
    assert told(own_firm, "anna", {"info"}, event) == []
    with own_firm.client("lena") as lena:
        lena.patch("/api/v1/mailboxes/info", json={"follow": True})
    [(_, data)] = told(own_firm, "anna", {"info"}, event)
    assert data["mode"] == "last-opened"


def test_a_mail_that_is_not_in_the_pool_yet_is_pending_and_then_completed(firm: House) -> None:
    [(_, first), (_, second)] = told(firm, "anna", {"anna"}, opened("anna", None), opened("anna", firm.annas_mail))
    assert first["status"] == "pending"
    assert first["customer"] is None
    assert second["status"] == "known"


def test_news_and_health_are_told_in_the_order_they_came(firm: House) -> None:
    found = told(firm, "anna", {"info"}, Arrived("info", (7, 8)), HealthNews("info"), Changed("info", (9,)))
    assert [name for name, _ in found] == ["message", "health", "changed"]
    assert found[0][1] == {"mailbox": "info", "messages": [7, 8]}
    assert found[1][1]["health"]["state"] == "watching"
    assert found[2][1] == {"mailbox": "info", "messages": [9]}


def test_of_cases_that_changed_each_hears_of_those_they_may_see(own_firm: House) -> None:
    with own_firm.services.pool.begin() as work:
        made = [
            work.cases.open(Case("q", "s", "b", NOW, 8), mails).id
            for mails in ([own_firm.open_mail], [own_firm.closed_mail], [])
        ]
    changed = CaseChanged(frozenset(made))
    assert told(own_firm, "anna", {"anna"}, changed) == [("case", {"cases": [made[0], made[2]]})]
    assert told(own_firm, "berta", {"berta"}, changed) == [("case", {"cases": made})]
    assert told(own_firm, "anna", {"info"}, CaseChanged(frozenset({made[1]}))) == []


def test_nothing_is_told_of_a_mailbox_that_is_no_longer_open_to_the_viewer(firm: House) -> None:
    found = told(firm, "anna", {"berta", "sales"}, opened("berta", firm.closed_mail), Arrived("sales", (1,)))
    assert found == []


def test_a_mail_whose_only_copy_is_elsewhere_is_not_told(firm: House) -> None:
    assert told(firm, "anna", {"anna"}, opened("anna", firm.closed_mail)) == []


def test_frames_are_numbered_and_say_when_to_come_back(firm: House) -> None:
    async def run() -> list[str]:
        stream = frames(firm, "anna", {"anna"}, keepalive=0.05)
        found = [(await anext(stream)).decode() for _ in range(3)]
        stream.close()
        return found

    first, second, third = asyncio.run(run())
    assert first == "retry: 2000\n\n"
    assert second == "id: 2\nevent: keepalive\ndata: {}\n\n"
    assert third.startswith("id: 3\n")


def test_a_stream_ends_with_its_session(own_firm: House) -> None:
    async def run() -> None:
        credential = Credential("session", own_firm.session("anna"))
        silent = frames(own_firm, "anna", {"anna"}, keepalive=0.05, credential=credential)
        told_so = frames(own_firm, "anna", {"anna"}, credential=credential)
        assert (await next_of(silent))[0] == "keepalive"
        await anext(told_so)
        own_firm.services.access.log_out(credential.secret)
        own_firm.services.broker.publish(opened("anna", own_firm.annas_mail))
        for stream in (silent, told_so):
            assert [frame async for frame in stream] == []
        assert len(own_firm.services.broker) == 0

    asyncio.run(run())


def test_a_stream_ends_with_its_token(own_firm: House) -> None:
    async def run() -> None:
        access = own_firm.services.access
        credential = Credential("token", access.new_token("anna", "x", {"read"}, None))
        stream = frames(own_firm, "anna", {"anna"}, keepalive=0.05, credential=credential)
        assert (await next_of(stream))[0] == "keepalive"
        access.revoke("anna", access.tokens("anna")[0].id)
        assert [frame async for frame in stream] == []

    asyncio.run(run())


def test_a_busy_pool_costs_an_event_not_the_stream(own_firm: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise PoolBusy(url="sqlite")

    async def run() -> None:
        stream = frames(own_firm, "anna", {"anna"})
        with monkeypatch.context() as patch:
            patch.setattr(type(own_firm.services.lookup), "of_message", busy)
            own_firm.services.broker.publish(opened("anna", own_firm.annas_mail))
            own_firm.services.broker.publish(Arrived("anna", (1,)))
            assert (await next_of(stream))[0] == "message"
        own_firm.services.broker.publish(opened("anna", own_firm.annas_mail))
        assert (await next_of(stream))[0] == "opened"
        stream.close()

    asyncio.run(run())


def test_an_error_nobody_foresaw_ends_the_stream_and_logs_no_content(
    own_firm: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("Betreff: Kündigung von karin@hansen.example")

    async def run() -> None:
        stream = frames(own_firm, "anna", {"anna"})
        own_firm.services.broker.publish(opened("anna", own_firm.annas_mail))
        assert [frame async for frame in stream] == [b"retry: 2000\n\n"]

    monkeypatch.setattr(type(own_firm.services.lookup), "of_message", broken)
    asyncio.run(run())
    assert "ValueError at" in caplog.text
    assert "hansen" not in caplog.text


# -- over the wire


@contextmanager
def served(house: House) -> Iterator[str]:
    """A real server; its address."""
    listening = listen("127.0.0.1:0")
    server = Server(house.app, house.services.settings, house.services.broker)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive()


def lines(answer: httpx.Response) -> Iterator[tuple[str, Any]]:
    frame = ""
    for line in answer.iter_lines():
        frame += line + "\n"
        if not line:
            if "event" in frame:
                yield parse(frame)
            frame = ""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    house = build(tmp_path_factory.mktemp("served"))
    with served(house) as url:
        yield house, url
    house.services.pool.close()


def headers(house: House, login: str) -> dict[str, str]:
    return {"authorization": f"Bearer {house.services.access.new_token(login, 'test', {'read'}, None)}"}


def test_over_http_each_sees_what_is_theirs(address: tuple[House, str]) -> None:
    house, url = address
    broker = house.services.broker
    with (
        httpx.Client(base_url=url, timeout=10) as client,
        client.stream("GET", "/api/v1/stream", headers=headers(house, "anna")) as anna,
        client.stream("GET", "/api/v1/stream?mailbox=berta&mailbox=info", headers=headers(house, "berta")) as berta,
    ):
        assert anna.headers["content-type"].startswith("text/event-stream")
        assert anna.headers["cache-control"] == "no-store"
        assert anna.headers["content-security-policy"].startswith("default-src 'none'")
        assert broker.following("anna")
        assert broker.following("berta")
        assert not broker.following("info")
        broker.publish(opened("berta", house.closed_mail))
        broker.publish(opened("anna", house.annas_mail))
        name, data = next(lines(anna))
        assert (name, data["mailbox"]) == ("opened", "anna")
        name, data = next(lines(berta))
        assert (name, data["message"]["subject"]) == ("opened", f"Betreff {SECRET}")
    for _ in range(100):
        if not len(broker):
            break
        threading.Event().wait(0.05)
    assert not broker.following("anna")


def test_a_browser_logs_in_and_follows(address: tuple[House, str]) -> None:
    house, url = address
    with httpx.Client(base_url=url, timeout=10) as client:
        assert client.post("/login", data={"login": "anna", "password": PASSWORD}).status_code == 303
        with client.stream("GET", "/api/v1/stream?mailbox=anna") as stream:
            number = store(house.services.pool, "anna", "Neue Mail")
            house.services.broker.publish(Arrived("anna", (number,)))
            house.services.broker.publish(opened("anna", number))
            told = lines(stream)
            assert next(told) == ("message", {"mailbox": "anna", "messages": [number]})
            assert next(told)[1]["message"]["subject"] == "Betreff Neue Mail"


def test_an_order_to_stop_ends_open_streams(own_firm: House) -> None:
    with httpx.Client(timeout=10) as client:
        with served(own_firm) as url:
            stream = client.stream("GET", f"{url}/api/v1/stream", headers=headers(own_firm, "anna"))
            answer = stream.__enter__()
            began = datetime.now(UTC)
        assert (datetime.now(UTC) - began).total_seconds() < 4
        assert list(lines(answer)) == []
        stream.__exit__(None, None, None)


def test_an_address_that_is_taken_is_named() -> None:
    first = listen("127.0.0.1:0")
    try:
        taken = f"127.0.0.1:{first.getsockname()[1]}"
        with pytest.raises(AddressInUse, match="is taken by another program"):
            listen(taken)
    finally:
        first.close()


def test_figures_are_for_this_machine_and_for_an_administrators_token(address: tuple[House, str]) -> None:
    house, url = address
    with httpx.Client(base_url=url, timeout=10) as client:
        client.get("/api/v1/customers/C1/summary", headers=headers(house, "anna"))
        figures = client.get("/metrics")
        assert figures.status_code == 200
        assert 'requests_total{method="GET",route="/api/v1/customers/{customer}/summary"' in figures.text
        assert "kingpost_quarantine 2.0" in figures.text
        assert 'kingpost_mailboxes{state="watching"} 1.0' in figures.text
        assert 'kingpost_alarms{kind="gap"} 0.0' in figures.text
        for word in ("C1", "anna", "info@", "hansen", "berta"):
            assert word not in figures.text
        # A proxy on this machine asks for somebody else.
        assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 401
        proxied = {"x-forwarded-for": "192.0.2.1", **headers(house, "adam")}
        assert client.get("/metrics", headers=proxied).status_code == 200


class Several(Alone):
    """Of several processes the one with the pages; another gives the figures of the pool."""

    many = True

    def hold(self, name: str) -> bool:
        return False


def test_of_several_processes_one_gives_the_pools_figures_and_the_pages_say_what_nobody_does(own_firm: House) -> None:
    peers = Several()
    peers.join("web")
    peers.join("work")
    own_firm.services.peers = peers
    with own_firm.client("anna") as client:
        start = client.get("/", headers={"accept": "text/html"}).text
        assert "Nobody watches the mailboxes" in start
        assert "Nobody matches" not in start
        ready = client.get("/readyz")
        assert (ready.status_code, ready.text) == (200, "ok\nweb: 1\nwatch: 0\nwork: 1\nschedule: 0\n")
        assert client.get("/readyz", params={"duty": ["web", "work"]}).status_code == 200
        waiting = client.get("/readyz", params={"duty": ["web", "watch"]})
        assert (waiting.status_code, waiting.text.splitlines()[0]) == (503, "waiting")
        assert client.get("/readyz", params={"duty": "cooking"}).status_code == 400
        figures = Metrics().report(own_firm.services).decode()
    assert "kingpost_streams" in figures
    assert "kingpost_mailboxes" not in figures


def test_our_files_are_asked_for_once_and_then_only_whether_they_changed(address: tuple[House, str]) -> None:
    _, url = address
    name, file = next((name, file) for name, file in files().items() if name.endswith(".css"))
    with httpx.Client(base_url=url, timeout=10) as client:
        first = client.get(f"/static/{name}")
        assert first.status_code == 200
        assert first.content == file.content
        assert first.headers["content-type"].startswith("text/css")
        assert first.headers["cache-control"] == "no-cache"
        again = client.get(f"/static/{name}", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/"):
            assert client.get(path).status_code == 404
