from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.assistant.web.house import House, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.assistant.web.browsing import Site


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A firm that the tests of a module share and leave as it is."""
    house = build(tmp_path_factory.mktemp("firm"))
    yield house
    house.services.pool.close()


@pytest.fixture
def own_firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A firm of one's own, to change as one likes."""
    house = build(tmp_path_factory.mktemp("firm"))
    yield house
    house.services.pool.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A running Chromium."""
    from tests.assistant.web.browsing import chromium

    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Site]":
    """The believable firm, served: one that the tests of a module share."""
    from tests.assistant.web.browsing import served

    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Site]":
    """One of one's own."""
    from tests.assistant.web.browsing import served

    with served(tmp_path_factory.mktemp("site")) as running:
        yield running
