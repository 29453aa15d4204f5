"""What one process tells the others: names and numbers, never too long for the database, and read by any version."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import (
    LEASE,
    Arrived,
    Broker,
    CaseChanged,
    Changed,
    CustomerChanged,
    Event,
    Followed,
    HealthNews,
    Hooked,
    Missed,
    Opened,
    Subscription,
    Word,
)
from assistant.relaying import Relay, read, written
from rules.terms.mail import Health, HealthState
from rules.terms.staff import Role, Viewer
from storage.peers import LONGEST

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"info", "anna"}))

names = st.text(max_size=200)
numbers = st.integers(1, 2**63 - 1)
moments = st.datetimes(timezones=st.just(UTC))
healths = st.builds(
    Health,
    st.sampled_from(HealthState),
    moments,
    st.none() | moments,
    names,
    st.none() | st.floats(0, 1e6),
    names,
    names,
)
words = st.one_of(
    st.builds(Opened, names, st.none() | numbers, moments, st.sampled_from(["watcher", "hook"])),
    st.builds(Hooked, names, st.booleans()),
    st.builds(Arrived, names, st.lists(numbers, max_size=100).map(tuple)),
    st.builds(Changed, names, st.lists(numbers, max_size=100).map(tuple)),
    st.builds(CaseChanged, st.frozensets(numbers, max_size=100)),
    st.builds(CustomerChanged, names),
    st.builds(HealthNews, names, st.none() | healths),
    st.builds(Followed, st.frozensets(names, max_size=30)),
    st.just(Missed()),
)


class Office:
    """A process with its broker; what it says, the others hear at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.said: list[str] = []
        self.arrived = 0
        self.broker = Broker(clock=lambda: self.now)
        self.relay = Relay(self.broker, self._count)
        self.others: list[Office] = []
        self.relay.speak(self._tell)

    def _count(self) -> None:
        self.arrived += 1

    def _tell(self, word: str) -> None:
        self.said.append(word)
        for other in self.others:
            other.relay.heard(word)


def offices() -> tuple[Office, Office]:
    one, two = Office(), Office()
    one.others, two.others = [two], [one]
    return one, two


async def heard(subscription: Subscription) -> list[Event]:
    found = []
    while (event := await subscription.next(0.05)) is not None:
        found.append(event)
    return found


@given(words)
def test_what_is_written_is_read_again(word: Word) -> None:
    texts = written(word)
    assert all(len(text.encode()) <= LONGEST for text in texts)
    found = [read(text) for text in texts]
    if isinstance(word, Followed):
        assert frozenset().union(*(one.mailboxes for one in found if isinstance(one, Followed))) == word.mailboxes
    else:
        assert found == [word]


def test_what_is_too_long_is_missed_and_mailboxes_are_told_in_parts() -> None:
    assert [read(text) for text in written(CaseChanged(frozenset(range(10**6, 10**6 + 2000))))] == [Missed()]
    assert [read(text) for text in written(CustomerChanged("x" * 9000))] == [Missed()]
    many = frozenset(f"postfach-{number}-{'x' * 50}" for number in range(500))
    parts = [read(text) for text in written(Followed(many))]
    assert len(parts) > 1
    assert frozenset().union(*(part.mailboxes for part in parts if isinstance(part, Followed))) == many


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '["Danced",{}]', '["Opened",{"mailbox":3}]', '["Arrived"]'])
def test_a_word_of_another_version_is_left_out(text: str) -> None:
    assert read(text) is None
    one, _ = offices()
    one.relay.heard(text)
    assert one.said == []


def test_an_event_reaches_the_streams_of_another_process() -> None:
    async def run() -> None:
        one, two = offices()
        stream = two.broker.subscribe(ANNA, frozenset({"info"}))
        events: list[Event] = [
            Arrived("info", (1, 2)),
            CaseChanged(frozenset({3})),
            CustomerChanged("C1"),
            HealthNews("info"),
        ]
        for event in events:
            one.broker.publish(event)
        one.broker.publish(Arrived("anna", (4,)))
        assert await heard(stream) == events
        assert two.arrived == 2

    asyncio.run(run())


def test_openings_are_told_to_others_only_while_somebody_follows_there() -> None:
    async def run() -> None:
        one, two = offices()
        one.broker.set_followed(["anna"])
        opened = Opened("anna", 7, NOW)
        one.broker.publish(opened)
        assert one.said == []
        assert not one.broker.following("anna")
        stream = two.broker.subscribe(ANNA, frozenset({"anna"}))
        assert one.broker.following("anna")
        one.broker.publish(opened)
        assert await heard(stream) == [opened]
        # The sidebar goes; nobody says so, and after a while nobody follows any more.
        stream.close()
        one.now = LEASE + 1
        assert not one.broker.following("anna")
        before = list(one.said)
        one.broker.publish(opened)
        assert one.said == before

    asyncio.run(run())


def test_a_stream_that_stays_open_is_told_of_again() -> None:
    async def run() -> None:
        one, two = offices()
        one.broker.set_followed(["anna"])
        two.broker.subscribe(ANNA, frozenset({"anna"}))
        for _ in range(3):
            one.now += LEASE - 1
            two.broker.tell_followed()
            assert one.broker.following("anna")
        one.broker.set_followed([])
        assert not one.broker.following("anna")

    asyncio.run(run())


def test_hook_and_watcher_tell_of_one_opening_in_two_processes_and_it_is_shown_once() -> None:
    async def run() -> None:
        watching, pages = offices()
        stream = pages.broker.subscribe(ANNA, frozenset({"anna"}))
        pages.broker.publish(Opened("anna", 7, NOW, "hook"))
        watching.broker.publish(Opened("anna", 7, NOW, "watcher"))
        assert await heard(stream) == [Opened("anna", 7, NOW, "hook")]
        watching.broker.publish(Opened("anna", 7, NOW, "watcher"))
        assert await heard(stream) == [Opened("anna", 7, NOW, "watcher")]

    asyncio.run(run())


def test_after_a_break_all_streams_end_here_and_elsewhere() -> None:
    async def run() -> None:
        one, two = offices()
        streams = [office.broker.subscribe(ANNA, frozenset({"info"})) for office in (one, two)]
        one.broker.publish(HealthNews("info", Health(HealthState.RETRYING, NOW)))
        one.relay.back()
        for stream in streams:
            assert [event async for event in stream if not isinstance(event, HealthNews)] == []
        # What could not be stored while the database was away is not believed any longer.
        assert one.broker.health({}) == two.broker.health({}) == {}

    asyncio.run(run())
