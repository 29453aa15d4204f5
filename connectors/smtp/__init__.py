"""The SMTP and LMTP door: mail that other servers hand in."""

from connectors.smtp.door import Door
from connectors.smtp.limits import Limits

__all__ = ["Door", "Limits"]
