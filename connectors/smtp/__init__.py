"""The SMTP and LMTP door: mail that other servers hand in."""

from connectors.smtp.door import FOLDER, RELAYED, Door
from connectors.smtp.limits import Limits

__all__ = ["FOLDER", "RELAYED", "Door", "Limits"]
