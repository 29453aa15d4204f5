import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.events import Arrived, Broker, Event, HealthNews, Hooked, Opened, Subscription, Word
from rules.terms.errors import TooMany
from rules.terms.mail import Health, HealthState
from rules.terms.staff import Role, Viewer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"info", "anna"}))


def opened(mailbox: str, no: int = 1) -> Opened:
    return Opened(mailbox, no, NOW)


async def received(subscription: Subscription, count: int) -> list[Event | None]:
    return [await subscription.next(5) for _ in range(count)]


def test_an_event_reaches_those_who_follow_its_mailbox() -> None:
    async def run() -> None:
        broker = Broker()
        info, both = broker.subscribe(ANNA, frozenset({"info"})), broker.subscribe(ANNA, frozenset({"info", "anna"}))
        broker.publish(opened("anna"))
        broker.publish(HealthNews("info"))
        assert await received(info, 1) == [HealthNews("info")]
        assert await received(both, 2) == [opened("anna"), HealthNews("info")]

    asyncio.run(run())


def test_watcher_threads_publish_while_the_loop_works() -> None:
    async def run() -> None:
        broker = Broker(backlog=1000)
        subscription = broker.subscribe(ANNA, frozenset({"info"}))

        def publish(start: int) -> None:
            for number in range(start, start + 100):
                broker.publish(Arrived("info", (number,)))

        threads = [threading.Thread(target=publish, args=(start,)) for start in (0, 100, 200, 300)]
        for thread in threads:
            thread.start()
        events = await received(subscription, 400)
        for thread in threads:
            thread.join()
        numbers = [event.nos[0] for event in events if isinstance(event, Arrived)]
        assert sorted(numbers) == list(range(400))
        assert [n for n in numbers if n < 100] == list(range(100))

    asyncio.run(run())


def test_a_slow_stream_loses_the_oldest_events_and_holds_nobody_up() -> None:
    async def run() -> None:
        broker = Broker(backlog=3)
        subscription = broker.subscribe(ANNA, frozenset({"info"}))
        for no in range(10):
            broker.publish(opened("info", no))
        await asyncio.sleep(0)
        assert await received(subscription, 3) == [opened("info", no) for no in (7, 8, 9)]
        assert await subscription.next(0.01) is None

    asyncio.run(run())


def test_following_needs_an_open_stream_and_the_switch() -> None:
    async def run() -> None:
        broker = Broker()
        broker.set_followed(["anna"])
        assert not broker.following("anna")
        first, second = broker.subscribe(ANNA, frozenset({"info", "anna"})), broker.subscribe(ANNA, frozenset({"anna"}))
        assert broker.following("anna")
        assert not broker.following("info")
        first.close()
        first.close()
        assert broker.following("anna")
        broker.set_followed([])
        assert not broker.following("anna")
        broker.set_followed(["anna"])
        second.close()
        assert not broker.following("anna")

    asyncio.run(run())


def test_with_nobody_there_an_event_is_dropped() -> None:
    broker = Broker()
    broker.publish(opened("info"))

    async def gone() -> None:
        broker.subscribe(ANNA, frozenset({"info"}))

    asyncio.run(gone())
    broker.publish(opened("info"))
    broker.close()


def test_closing_the_broker_ends_the_streams() -> None:
    async def run() -> None:
        broker = Broker()
        subscription = broker.subscribe(ANNA, frozenset({"info"}))
        threading.Timer(0.02, broker.close).start()
        assert [event async for event in subscription] == []
        assert len(broker) == 0

    asyncio.run(run())


def test_a_thousand_streams_are_served_and_no_more() -> None:
    async def run() -> None:
        broker = Broker(limit=1000)
        people = [replace(ANNA, login=f"staff{number}") for number in range(250)]
        subscriptions = [broker.subscribe(person, frozenset({"info"})) for person in people for _ in range(4)]
        with pytest.raises(TooMany):
            broker.subscribe(ANNA, frozenset({"info"}))
        broker.publish(opened("info"))
        assert await asyncio.gather(*(each.next(5) for each in subscriptions)) == [opened("info")] * 1000
        subscriptions[0].close()
        broker.subscribe(ANNA, frozenset({"info"}))

    asyncio.run(run())


def test_one_person_cannot_take_all_streams() -> None:
    async def run() -> None:
        broker = Broker(each=3)
        for _ in range(3):
            broker.subscribe(ANNA, frozenset({"info"}))
        with pytest.raises(TooMany):
            broker.subscribe(ANNA, frozenset({"info"}))
        broker.subscribe(replace(ANNA, login="lena"), frozenset({"info"}))

    asyncio.run(run())


WATCHED = {"info": Health(HealthState.WATCHING, NOW, announces="idle")}


def way(broker: Broker) -> str:
    """How openings are noticed, as pages say it."""
    return broker.health(WATCHED)["info"].announces


def test_a_hook_that_falls_silent_is_not_said_to_tell_any_more() -> None:
    said: list[Word] = []
    broker = Broker(outward=said.append)
    for number in range(2):
        broker.publish(opened("info", number))
    broker.publish(Hooked("info"))
    assert way(broker) == "hook"
    for number in range(10, 12):
        broker.publish(opened("info", number))
    broker.publish(Hooked("info"))
    broker.publish(Opened("info", 12, NOW, "hook"))
    broker.publish(opened("info", 12))  # the watcher's echo
    for number in range(20, 22):
        broker.publish(opened("info", number))
        assert way(broker) == "hook"
    broker.publish(opened("info", 22))
    assert way(broker) == "idle"
    assert said[-1] == Hooked("info", silent=True)
    broker.publish(opened("info", 23))
    assert said.count(Hooked("info", silent=True)) == 1
    broker.publish(Hooked("info"))
    assert way(broker) == "hook"


def test_another_process_hears_that_a_hook_fell_silent() -> None:
    async def run() -> None:
        broker = Broker()
        stream = broker.subscribe(ANNA, frozenset({"info"}))
        broker.take(Hooked("info"))
        broker.take(Hooked("info"))
        assert way(broker) == "hook"
        broker.take(Hooked("info", silent=True))
        broker.take(Hooked("info", silent=True))
        assert way(broker) == "idle"
        assert await received(stream, 2) == [HealthNews("info"), HealthNews("info")]
        assert await stream.next(0.05) is None

    asyncio.run(run())
