"""Folders that no tool should read unless somebody decides so: the works council's, the company doctor's, personnel's.

Mail with a works council or a company doctor is protected by law (BetrVG section 79a, StGB section 203), and the
files of staff are kept apart everywhere.
"""

import re

_WORDS = (
    r"betriebsrat|betriebsr[aä]te|personalrat|br[ _-]?mails?|works[ _-]?council|"
    r"betriebsarzt|betriebs[aä]rzt\w*|arbeitsmedizin\w*|company[ _-]?doctor|occupational[ _-]?health|"
    r"personal|personalakten?|personalabteilung|personalwesen|personalsachen|bewerbung(?:en)?|bewerber|"
    r"personnel|human[ _-]?resources|hr|applications?|applicants?|"
    r"schwerbehindertenvertretung|sbv|gleichstellung\w*|vertrauliche?s?|confidential|"
    r"lohn|geh[aä]lter|lohnabrechnung(?:en)?|gehaltsabrechnung(?:en)?|payroll|salaries"
)
_CONFIDENTIAL = re.compile(rf"(?:^|[^\w])(?:{_WORDS})(?:$|[^\w])", re.IGNORECASE)
LONGEST = 300


def is_confidential(folder: str) -> bool:
    """Whether a folder's name says that it holds what belongs to few.

    Args:
        folder: the name with its path, as people write it.
    """
    return bool(_CONFIDENTIAL.search(folder[:LONGEST].replace("_", " ")))
