"""What Kingpost writes to customers itself, where the firm wants that: thanks for a message, and one question.

Keys: the language, with “-du” where the customer is on first-name terms. {subject} is the customer's own, {firm} who
signs, {link} where to answer. The word complaint stands in none of them: whoever writes to us has written to us.
"""

from collections.abc import Mapping

ACKNOWLEDGEMENTS: Mapping[str, str] = {
    "de": "vielen Dank für Ihre Nachricht. Sie ist bei uns angekommen, und wir kümmern uns darum. Sie brauchen nichts "
    "weiter zu tun; wir melden uns bei Ihnen.",
    "de-du": "danke für deine Nachricht. Sie ist bei uns angekommen, und wir kümmern uns darum. Du brauchst nichts "
    "weiter zu tun; wir melden uns bei dir.",
    "en": "thank you for your message. It has reached us and we are seeing to it. There is nothing more you need to "
    "do; we will get back to you.",
}
RECEIVED: Mapping[str, str] = {
    "de": "Danke für Ihre Nachricht: {subject}",
    "de-du": "Danke für deine Nachricht: {subject}",
    "en": "Thank you for your message: {subject}",
}

QUESTIONS: Mapping[str, str] = {
    "de": "vor Kurzem haben Sie uns geschrieben: {subject}. Wir hoffen, dass alles in Ordnung ist.\n\nDürfen wir Ihnen "
    "eine einzige Frage stellen? Würden Sie uns weiterempfehlen? Die Antwort dauert nicht länger als einen Klick:\n\n"
    "{link}",
    "de-du": "vor Kurzem hast du uns geschrieben: {subject}. Wir hoffen, dass alles in Ordnung ist.\n\nDürfen wir dir "
    "eine einzige Frage stellen? Würdest du uns weiterempfehlen? Die Antwort dauert nicht länger als einen Klick:\n\n"
    "{link}",
    "en": "you wrote to us lately: {subject}. We hope that everything is as it should be.\n\nMay we ask a single "
    "question? Would you recommend us? It takes no more than a click:\n\n{link}",
}
ASKED: Mapping[str, str] = {
    "de": "Eine Frage an Sie von {firm}",
    "de-du": "Eine Frage an dich von {firm}",
    "en": "One question from {firm}",
}

CLOSINGS: Mapping[str, str] = {
    "de": "Mit freundlichen Grüßen\n{firm}\n\nDiese Nachricht wurde automatisch versandt.",
    "de-du": "Viele Grüße\n{firm}\n\nDiese Nachricht wurde automatisch versandt.",
    "en": "Kind regards\n{firm}\n\nThis message was sent automatically.",
}
