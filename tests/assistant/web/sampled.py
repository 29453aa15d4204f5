"""The believable firm as fixtures: a test module imports them where it wants that firm in place of the small one."""

from collections.abc import Iterator

import pytest

from tests.assistant.web import sample


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sample.Sample]:
    """One that the tests of a module share and leave as it is."""
    made = sample.build(tmp_path_factory.mktemp("firm"))
    yield made
    made.services.pool.close()


@pytest.fixture
def own_firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sample.Sample]:
    """One of one's own, to change as one likes."""
    made = sample.build(tmp_path_factory.mktemp("firm"))
    yield made
    made.services.pool.close()
