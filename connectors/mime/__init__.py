"""Raw mail becomes a Message: whatever arrives is read, what is wrong with it is said in its defects."""

from connectors.mime.blob import pack, unpack
from connectors.mime.display import safe_html
from connectors.mime.limits import Limits
from connectors.mime.read import Parsed, read
from connectors.mime.signals import SIGNALS
from connectors.mime.skeleton import skeleton

__all__ = ["SIGNALS", "Limits", "Parsed", "pack", "read", "safe_html", "skeleton", "unpack"]
