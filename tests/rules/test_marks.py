"""Marks: whatever people, crashes and corrections do in whatever order, nobody's hand is fought over."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from rules.marks import noticed, settled, step
from rules.terms.mark import Keyword, MarkState

DOINGS = st.lists(
    st.sampled_from(["wanted", "unwanted", "they set it", "they take it away", "write", "write, cut off", "told"]),
    max_size=30,
)


@dataclass
class Copy:
    """A copy on the server and what is remembered of it, driven as the watcher drives it."""

    wanted: bool = False
    present: bool = False
    state: MarkState | None = None

    def write(self, *, answered: bool = True) -> None:
        """One attempt; the server does what it is told, and its answer may be lost."""
        if self.state in (MarkState.THEIRS, MarkState.SET if self.wanted else None):
            return
        then = step(self.state, wanted=self.wanted, present=self.present)
        self.state = then.state
        if then.store:
            self.present = self.wanted
        if answered:
            self.state = settled(self.state, present=self.present)

    def told(self) -> None:
        """The server tells of the flags as they are."""
        self.state = noticed(self.state, present=self.present)


@given(DOINGS)
def test_what_people_set_stays_and_what_they_took_away_stays_away(doings: list[str]) -> None:
    copy, by_hand = Copy(), False
    for doing in doings:
        before = copy.present
        match doing:
            case "wanted" | "unwanted":
                copy.wanted = doing == "wanted"
            case "they set it":
                # What we write at the same time, and what bears our mark already, cannot be told apart.
                by_hand = by_hand or (copy.state is None and not copy.present)
                copy.present = True
            case "they take it away":
                by_hand = by_hand or (copy.state is MarkState.SET and copy.present)
                copy.present = False
            case "write":
                copy.write()
            case "write, cut off":
                copy.write(answered=False)
            case _:
                copy.told()
        if by_hand and doing.startswith("write") and copy.state is MarkState.THEIRS:
            assert copy.present is before


@given(st.lists(st.sampled_from(["wanted", "unwanted", "write", "write, cut off", "told"]), max_size=20), st.booleans())
def test_where_nobody_interferes_the_server_shows_what_is_wanted(doings: list[str], wanted: bool) -> None:
    copy = Copy()
    for doing in doings:
        match doing:
            case "wanted" | "unwanted":
                copy.wanted = doing == "wanted"
            case "write":
                copy.write()
            case "write, cut off":
                copy.write(answered=False)
            case _:
                copy.told()
    copy.wanted = wanted
    copy.write()
    copy.write()
    assert copy.present is wanted
    assert copy.state is (MarkState.SET if wanted else None)


def test_a_store_whose_answer_was_lost_is_repeated_harmlessly() -> None:
    assert step(MarkState.SETTING, wanted=True, present=True) == step(MarkState.SET, wanted=True, present=True)
    assert settled(MarkState.SETTING, present=True) is MarkState.SET
    assert settled(MarkState.CLEARING, present=False) is None


def test_a_mark_moves_with_its_mail_and_so_does_what_people_said() -> None:
    ours, theirs = MarkState.SET, MarkState.THEIRS
    assert step(None, wanted=True, present=True, moved=ours).state is MarkState.SETTING
    assert step(None, wanted=False, present=True, moved=ours).store
    assert step(None, wanted=True, present=False, moved=theirs) == step(theirs, wanted=True, present=False)
    assert step(None, wanted=True, present=True).state is theirs


def test_a_server_may_spell_a_keyword_as_it_likes() -> None:
    assert Keyword.KEY_CUSTOMER.among(frozenset({"\\Answered", "$keycustomer"}))
    assert not Keyword.COMPLAINT.among(frozenset({"$KeyCustomer"}))
