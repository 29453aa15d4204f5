"""Structured logs: one JSON object a line, without addresses, subjects or bodies.

Whoever logs names an event and hands facts in as `extra`; only the facts listed here are written, so that a careless
`extra` cannot leak what a customer wrote.
"""

import json
import logging
import sys
from datetime import UTC, datetime

FACTS = frozenset(
    {"mailbox", "folder", "error", "count", "new", "known", "quarantined", "seconds", "state", "port", "status", "path"}
)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, source, event and the permitted facts; a fault's traceback without its message."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name in FACTS}
        if record.exc_info and record.exc_info[1] is not None:
            line["fault"] = type(record.exc_info[1]).__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up(level: int = logging.INFO) -> None:
    """Write our own events from `level` on and warnings of libraries to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("kingpost").setLevel(level)


def _where(record: logging.LogRecord) -> list[str]:
    """The call chain by file and line. The exception's own text may quote a mail, so it stays out."""
    steps: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        steps.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return steps[-12:]
