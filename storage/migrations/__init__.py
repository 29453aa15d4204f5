"""How the tables came to be, step by step (Alembic)."""

# All revisions, oldest first. `Pool.open` looks here; importing Alembic for one comparison would cost 0.2 s.
REVISIONS = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008",
    "0009", "0010", "0011", "0012", "0013", "0014", "0015", "0016",
    "0017", "0018", "0019", "0020", "0021", "0022", "0023",
)  # fmt: skip
