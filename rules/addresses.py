"""How mail addresses and domains are compared: when two spellings mean the same person or the same firm."""

import re
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from rules.providers import PROVIDERS
from rules.terms.firm import Firm

LONGEST = 253

# Mailbox providers at which strangers share a domain. Only the registrable domain counts.
FREEMAIL = frozenset(
    """
    aol.com aol.de arcor.de att.net bluewin.ch btinternet.com chello.at comcast.net email.de fastmail.com free.fr
    freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.eu gmx.info gmx.li gmx.net gmx.org googlemail.com hispeed.ch
    hotmail.ch hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com kabelbw.de kabelmail.de
    laposte.net libero.it live.at live.com live.de live.nl mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com
    mymail.ch netcologne.de o2mail.de o2online.de online.de online.no orange.fr osnanet.de outlook.at outlook.com
    outlook.de pm.me posteo.at posteo.ch posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com
    rocketmail.com sbcglobal.net sky.com sunrise.ch swissonline.ch t-mobile.de t-online.de tiscali.it tuta.io
    tutanota.com tutanota.de unity-mail.de unitybox.de verizon.net versanet.de virginmedia.com vodafone.de
    vodafonemail.de wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.de yandex.com yandex.ru ymail.com zoho.com
    """.split()
).union(*(provider.domains for provider in PROVIDERS))
_RESERVED = frozenset({"example", "test", "invalid", "localhost"})
_VERP = re.compile(r"([\w.!#$%&'*+/?^`{|}~-]{1,64})=([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})(?:$|[=+])")
_SRS = re.compile(r"SRS0[=+-][^=]{1,20}=[^=]{1,10}=([^=]{1,100})=(.{1,64})", re.IGNORECASE)
_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def canonical(addr: str) -> str:
    """The spelling under which an address is compared: lower case, the domain in its ASCII form (RFC 5891).

    The local part's case is ignored, as every provider at hand does, although RFC 5321 2.4 would allow otherwise.
    An address without a usable domain comes back in lower case only.
    """
    local, at, domain = addr.strip().lower().rpartition("@")
    return f"{local}@{_ascii(domain)}" if at else domain


def mailbox(addr: str) -> str:
    """The canonical address of the mailbox that it reaches, however it is written.

    A plus tag is left out (RFC 5233): `anna+shop@x.de` reaches Anna. At Gmail dots count for nothing, and
    googlemail.com is gmail.com (Google, "Dots don't matter in Gmail addresses").
    """
    local, at, domain = canonical(addr).rpartition("@")
    if not at:
        return domain
    plain = local.split("+", 1)[0] or local
    if domain in _GMAIL:
        return f"{plain.replace('.', '') or plain}@gmail.com"
    return f"{plain}@{domain}"


def rewritten(addr: str) -> str:
    """The address inside one that a list or forwarder made of it; "" where it holds none.

    "liste-bounces+anna=firma.de@liste.org" (VERP), "SRS0=…=firma.de=anna@weiter.example" (SRS).
    """
    local = addr.rpartition("@")[0][:250]
    if "=" not in local:
        return ""
    srs = _SRS.fullmatch(local)
    if srs:
        return f"{srs[2]}@{srs[1]}"
    match = _VERP.search(local)
    # What stands before the sign is the list's.
    return f"{match[1].rpartition('+')[2]}@{match[2]}" if match else ""


def domain_of(addr: str) -> str:
    """The domain in its ASCII form, "" when there is none."""
    _, at, domain = canonical(addr).rpartition("@")
    return domain if at else ""


def registrable(domain: str) -> str:
    """The part of a domain that somebody registered: `mail.shop.example.co.uk` → `example.co.uk`.

    By the Public Suffix List (publicsuffix.org) that is installed with the package; "" for a bare suffix, and for
    what is too long to be a domain (RFC 1035, 2.3.4).
    """
    return _registrable(domain) if len(domain) <= LONGEST else ""


@lru_cache(maxsize=20_000)
def ending_exists(domain: str) -> bool:
    """Whether mail can come from below a domain's ending: it is on the list, or kept free for examples (RFC 6761)."""
    ending = _ascii(domain.strip().lower()).rpartition(".")[2]
    return ending in _RESERVED or _known_suffixes().publicsuffix(ending) is not None


@lru_cache(maxsize=50_000)
def _registrable(domain: str) -> str:
    return str(_suffixes().privatesuffix(_ascii(domain.strip().lower())) or "")


def is_freemail(domain: str) -> bool:
    """Whether strangers share this domain."""
    return registrable(domain) in FREEMAIL


def company_domain(addr: str, firm: Firm) -> str:
    """The registrable domain if it can speak for a firm: neither a freemail provider's nor our own; else ""."""
    domain = registrable(domain_of(addr))
    if not domain or is_freemail(domain) or domain in firm.freemail:
        return ""
    own = {registrable(name) or name for name in firm.domains}
    return "" if domain in own else domain


def _ascii(domain: str) -> str:
    if domain.isascii() or len(domain) > LONGEST:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


@lru_cache(maxsize=1)
def _known_suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
