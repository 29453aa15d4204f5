"""Who stands in: chains end with somebody who is there, circles with nobody."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.terms.team import AwayTime, Team, team_of
from rules.triage.deputies import deputy_of, stands_in_for

DAY = date(2026, 11, 23)
PEOPLE = "abcdefgh"


def away(**deputies: str) -> dict[str, AwayTime]:
    return {login: AwayTime(login, DAY, DAY, deputy) for login, deputy in deputies.items()}


def test_a_chain_ends_with_the_first_who_is_there() -> None:
    times = away(anna="otto", otto="lena")
    assert deputy_of("anna", times) == deputy_of("otto", times) == "lena"
    assert stands_in_for("lena", times) == {"anna", "otto"}
    assert deputy_of("lena", times) is None
    assert stands_in_for("otto", times) == set()


def test_circles_and_loose_ends_have_nobody() -> None:
    assert deputy_of("anna", away(anna="otto", otto="anna")) is None
    assert deputy_of("anna", away(anna="anna")) is None
    assert deputy_of("anna", away(anna="")) is None
    assert deputy_of("anna", away(anna="otto", otto="")) is None
    assert deputy_of("anna", {}) is None


@given(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([*PEOPLE, ""])))
def test_whoever_stands_in_is_there_and_both_ways_of_asking_agree(deputies: dict[str, str]) -> None:
    times = away(**deputies)
    for login in PEOPLE:
        deputy = deputy_of(login, times)
        assert deputy not in times
        assert deputy != login
        assert stands_in_for(login, times) == {one for one in PEOPLE if deputy_of(one, times) == login}


def test_a_team_stands_in_a_case_by_its_name() -> None:
    assert team_of(Team("Versand").assignee) == "Versand"
    assert team_of("anna") == team_of("") == ""
    assert AwayTime("anna", DAY, DAY).covers(DAY)
