"""How a letter begins: the salutation (Briefanrede) for one person, by Sie or Du, in German or English."""

from rules.terms.customer import Contact

_WOMAN = frozenset("frau fr fr. frl mrs mrs. ms ms. miss madam w weiblich f female".split())
_MAN = frozenset("herr herrn hr hr. hrn mr mr. m männlich male".split())


def salutation(contact: Contact | None, language: str) -> str:
    """The first line of a letter, with its comma.

    Args:
        contact: to whom; None where nobody is named.
        language: the letter's, "de" or "en", where the contact states none.
    """
    if contact is None or not (contact.last_name or contact.first_name):
        return _nobody(language)
    spoken = contact.language.lower()[:2] if contact.language else language
    gender = contact.salutation.strip().lower()
    woman, man = gender in _WOMAN, gender in _MAN
    if contact.address_form.strip().lower() == "du" and contact.first_name:
        return _familiar(contact.first_name, spoken, woman=woman, man=man)
    last = " ".join(part for part in (contact.title, contact.last_name) if part)
    whole = " ".join(part for part in (contact.title, contact.first_name, contact.last_name) if part)
    known = bool(contact.last_name) and (woman or man)
    if spoken == "de":
        called = f"Sehr geehrte Frau {last}" if woman else f"Sehr geehrter Herr {last}"
        return f"{called if known else f'Guten Tag {whole}'},"
    if known and not contact.title:
        return f"Dear {'Ms' if woman else 'Mr'} {last},"
    return f"Dear {last if contact.title and contact.last_name else whole},"


def _familiar(first: str, language: str, *, woman: bool, man: bool) -> str:
    if language != "de":
        return f"Dear {first},"
    return f"Liebe {first}," if woman else f"Lieber {first}," if man else f"Hallo {first},"


def _nobody(language: str) -> str:
    return "Sehr geehrte Damen und Herren," if language == "de" else "Dear Sir or Madam,"
