"""Whose mail is this? A question with an answer and its reasons; doubt goes to a person (docs/matching.md).

question    who is behind the mail, and the keys of the first look into the pool
clues       what else the mail says, and the keys of the second look
answers     what the pool holds: owners of the keys, whole records of the few candidates
weighing    what speaks for each candidate and against (the table of weights)
contacts    which of the customer's people wrote
trust       whether somebody pretends to be a customer
decision    file, ask, leave as unknown, or warn
"""

from rules.matching.answers import Answers
from rules.matching.clues import Clues
from rules.matching.decision import ATTACH, PASSED_ON, SURE, decide, distrusted
from rules.matching.lookup import candidates, is_plain, keys_of
from rules.matching.question import Question, direction_of, question
from rules.matching.weighing import weigh
from rules.writers import ambiguous_sender

__all__ = [
    "ATTACH",
    "PASSED_ON",
    "SURE",
    "Answers",
    "Clues",
    "Question",
    "ambiguous_sender",
    "candidates",
    "decide",
    "direction_of",
    "distrusted",
    "is_plain",
    "keys_of",
    "question",
    "weigh",
]
