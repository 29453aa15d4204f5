"""The manifest of the Outlook add-in for this firm's address, held against what Microsoft's schemas ask for.

Microsoft's own validator is a service that is sent the manifest. What the published schemas ask for ([MS-OWEMXML],
“Office Add-ins XML manifest”) is checked here, so that nothing has to leave.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import connectors.clients
from assistant.clients import checked, own_version
from assistant.web.security import OUTLOOK_PANE
from rules.terms.errors import WrongUse

MANIFEST_PATH = f"{OUTLOOK_PANE}.xml"
ICON_SIZES = (16, 32, 64, 80, 128)
_PARTS = Path(connectors.clients.__file__).parent / "outlook"
_OVERRIDES = "http://schemas.microsoft.com/office/mailappversionoverrides"
# Version 1.0 knows no pinning. It has to be there, and complete, for 1.1 to stand in it: 1.1 inherits nothing.
_VERSIONS = ((f"{_OVERRIDES}/1.1", "VersionOverridesV1_1"), (_OVERRIDES, "VersionOverridesV1_0"))
_PINNING = "<SupportsPinning>true</SupportsPinning><SupportsNoItemContext>true</SupportsNoItemContext>"
_SEVERAL = "<SupportsMultiSelect>true</SupportsMultiSelect>"

# Which parts an element has, in the order the schemas ask for (xs:sequence).
_SEQUENCES = {
    "OfficeApp": "Id Version ProviderName DefaultLocale DisplayName Description IconUrl HighResolutionIconUrl "
    "SupportUrl AppDomains Hosts Requirements FormSettings Permissions Rule VersionOverrides",
    "VersionOverrides": "Description Requirements Hosts Resources VersionOverrides",
    "DesktopFormFactor": "FunctionFile ExtensionPoint",
    "Group": "Label Control",
    "Control": "Label Supertip Icon Action",
    "Supertip": "Title Description",
    "Action": "SourceLocation SupportsPinning SupportsNoItemContext SupportsMultiSelect",
    "Resources": "Images Urls ShortStrings LongStrings",
}
_SHORT, _LONG, _URL = 125, 250, 2048
_LENGTHS = {
    "DisplayName": _SHORT,
    "ProviderName": _SHORT,
    "Description": _LONG,
    "ShortStrings": _SHORT,
    "LongStrings": _LONG,
    "AppDomain": _URL,
    "IconUrl": _URL,
    "HighResolutionIconUrl": _URL,
    "SupportUrl": _URL,
    "SourceLocation": _URL,
    "Images": _URL,
    "Urls": _URL,
}


def manifest(host: str, *, exchange_server: bool = False) -> str:
    """The manifest that an administrator gives to Microsoft 365 or to Exchange.

    Args:
        host: Kingpost's address.
        exchange_server: for an Exchange of one's own, which knows no choice of several messages and refuses the word.

    Raises:
        WrongUse: Outlook loads nothing from that address.
    """
    address = checked(host)
    inner = ""
    for namespace, kind in _VERSIONS:
        pinning = "" if inner else _PINNING + ("" if exchange_server else _SEVERAL)
        filled = _part("overrides.xml").replace("@NAMESPACE@", namespace).replace("@KIND@", kind)
        inner = filled.replace("@PINNING@", pinning).replace("@INNER@", inner)
    numbers = [*own_version().split("."), "0", "0", "0"]
    whole = _part("manifest.xml").replace("@OVERRIDES@", inner).replace("@HOST@", address)
    # The same address keeps its id, so that a new manifest takes the place of the old one.
    whole = whole.replace("@ID@", str(uuid.uuid5(uuid.NAMESPACE_URL, address))).replace(
        "@VERSION@", ".".join(numbers[:4])
    )
    if found := list(faults(whole)):
        raise WrongUse(
            problem=f"Outlook would refuse this manifest: {'; '.join(found)}.",
            problem_de=f"Outlook würde dieses Manifest ablehnen: {'; '.join(found)}.",
        )
    return whole


def faults(text: str) -> Iterator[str]:
    """What Outlook would refuse in a manifest: order, lengths, addresses without https, names that lead nowhere."""
    root = ElementTree.fromstring(text)  # noqa: S314 — written by us a moment ago
    for element in root.iter():
        name = _name(element)
        if name in _SEQUENCES:
            yield from _order(name, element)
        limit = _LENGTHS.get(name)
        if limit is not None:
            for value in _values(element):
                if not 0 < len(value) <= limit:
                    yield f"{name} has {len(value)} letters, of at most {limit}"
                if limit == _URL and not value.startswith("https://"):
                    yield f"“{value}” is not https"
        if name == "VersionOverrides":
            yield from _references(element)


def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _order(name: str, element: ElementTree.Element) -> Iterator[str]:
    order = _SEQUENCES[name].split()
    children = [_name(child) for child in element]
    if unknown := set(children) - set(order):
        yield f"{name} knows no {', '.join(sorted(unknown))}"
    elif children != sorted(children, key=order.index):
        yield f"{name} wants {', '.join(order)} in this order"


def _values(element: ElementTree.Element) -> Iterator[str]:
    """The texts and addresses in an element and below it, in every language."""
    for each in element.iter():
        if each.text and each.text.strip():
            yield each.text.strip()
        yield from (value for key, value in each.attrib.items() if key in ("DefaultValue", "Value"))


def _references(overrides: ElementTree.Element) -> Iterator[str]:
    """Whether every resource that these overrides name is among their own, and each of those is used."""
    own = [element for child in overrides if _name(child) != "VersionOverrides" for element in child.iter()]
    made = {
        element.attrib["id"]
        for element in own
        if _name(element) in ("Image", "Url", "String") and "id" in element.attrib
    }
    used = {element.attrib["resid"] for element in own if "resid" in element.attrib}
    for each in sorted(made ^ used):
        yield f"“{each}” is {'never used' if each in made else 'not defined'}"
