"""Kingpost on a database that can grow no further: `python -m tests.journeys.small_pool …` is `kingpost …`.

The file "pages" in the current folder holds SQLite's max_page_count, looked at before each transaction; when it is
gone, there is room again.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, event

ROOM = 1 << 30


def _limit(connection: Connection) -> None:
    pages = Path("pages")
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages.read_text() if pages.exists() else ROOM}")


if __name__ == "__main__":
    from assistant.__main__ import main

    event.listen(Engine, "begin", _limit)
    main()
