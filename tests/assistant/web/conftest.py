from collections.abc import Iterator

import pytest

from tests.assistant.web.house import House, build


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
