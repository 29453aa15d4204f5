"""What the tables of kingpost.toml have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Lower = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
# In a header of ours: nothing that could end it passes. Plain HTTP only from this machine.
Origin = Annotated[
    str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?$")
]
# Secrets go there: in clear only to this machine.
Address = Annotated[str, StringConstraints(pattern=r"^(|https://\S+|http://(localhost|127\.0\.0\.1)(:\d{1,5})?/\S*)$")]
Bind = Annotated[str, StringConstraints(pattern=r"^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$")]


class Section(BaseModel):
    """A table of kingpost.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")
