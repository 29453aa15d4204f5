"""What is to be written to the server for a mark, and what is remembered of it, so that nobody's hand is fought over.

nothing ──wanted──▶ setting ──it is there──▶ set ──no longer wanted──▶ clearing ──it is gone──▶ nothing
   └─it was there─▶ theirs ◀──somebody took it away──┘

The state before the server is told is committed first. Whatever is cut off there is done again, which changes nothing
where it had been done.
"""

from dataclasses import dataclass

from rules.terms.mark import MarkState


@dataclass(frozen=True, slots=True)
class Step:
    """What is remembered before the server is told (None: nothing), and whether there is anything to tell it."""

    state: MarkState | None
    store: bool = False


def step(state: MarkState | None, *, wanted: bool, present: bool, moved: MarkState | None = None) -> Step:
    """The way towards what is wanted.

    Args:
        state: what is remembered of this copy, None where nothing is.
        wanted: whether the mail is to bear the keyword.
        present: whether it bears it on the server now.
        moved: what is remembered of a copy of the same mail that has left its folder; keywords move with a mail.
    """
    known = state or moved
    taken_away = state is MarkState.SET and not present
    if known is MarkState.THEIRS or taken_away:
        return Step(MarkState.THEIRS)
    if wanted:
        if known is None and present:
            return Step(MarkState.THEIRS)
        return Step(MarkState.SETTING, store=not present)
    if known is None or not present:
        return Step(None)
    return Step(MarkState.CLEARING, store=True)


def settled(state: MarkState | None, *, present: bool) -> MarkState | None:
    """What is remembered once the server has answered, and shows the keyword or does not."""
    if state is MarkState.SETTING:
        return MarkState.SET if present else None
    if state is MarkState.CLEARING:
        return MarkState.CLEARING if present else None
    return state


def noticed(state: MarkState | None, *, present: bool) -> MarkState | None:
    """What is remembered when the server tells of flags that changed. While we write ourselves it says nothing."""
    return MarkState.THEIRS if state is MarkState.SET and not present else state
