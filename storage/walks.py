"""Long walks over records in the background: how far they are and for what goal, so that a crash costs one step."""

from sqlalchemy import Connection, delete, insert, select

from storage.recognition import walks

START = ""
_END = "done"


class Walks:
    """Walks by name. A walk goes for a goal, a number that stands for what it does; with a new goal it begins again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self, name: str, goal: int) -> str | None:
        """Where to go on, START at the beginning; None when this goal has been reached."""
        row = self._connection.execute(select(walks).where(walks.c.name == name)).one_or_none()
        if row is None or row.goal != goal:
            return START
        return None if row.position == _END else str(row.position)

    def go_on(self, name: str, goal: int, position: str) -> None:
        """Note how far the walk is, in the unit of work that did the step."""
        self._connection.execute(delete(walks).where(walks.c.name == name))
        self._connection.execute(insert(walks).values(name=name, goal=goal, position=position))

    def finish(self, name: str, goal: int) -> None:
        """Note that the goal has been reached."""
        self.go_on(name, goal, _END)
