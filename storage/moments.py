"""Points in time as the pool keeps them: microseconds since 1970 in UTC, on every database the same."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def stamp(moment: datetime) -> int:
    """The number that is stored for a moment. A moment without time zone is refused: nobody knows when it was."""
    if moment.utcoffset() is None:
        msg = "a naive datetime cannot be stored; give it a time zone"
        raise ValueError(msg)
    # The years 1 and 9999 with an offset would leave the calendar on the way back.
    return max(_FIRST, min(_LAST, (moment - _EPOCH) // _MICROSECOND))


def moment(stamp: int) -> datetime:
    """The moment a stored number stands for, in UTC."""
    return _EPOCH + timedelta(microseconds=stamp)


def stamp_or_none(moment: datetime | None) -> int | None:
    """Like `stamp`; nothing stays nothing."""
    return None if moment is None else stamp(moment)


def moment_or_none(stamp: int | None) -> datetime | None:
    """Like `moment`; nothing stays nothing."""
    return None if stamp is None else moment(stamp)
