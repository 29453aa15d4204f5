"""What came of handing many rows to the pool."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many rows were new, how many were known but different, and how many were there already.

    `merged`: rows of customers that have become part of others; they were left alone.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0

    def __add__(self, other: "Upserted") -> "Upserted":
        """Both together."""
        return Upserted(
            self.new + other.new,
            self.changed + other.changed,
            self.same + other.same,
            self.merged + other.merged,
        )
