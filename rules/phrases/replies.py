"""Replies to begin with, by what a mail is about: openings in the manner of a person, to be finished by one.

Keys: what it is about ("" for anything), then language and form of address. {until} is the day by which the next word
is promised, {remedy} what has been done.
"""

from collections.abc import Mapping

Texts = Mapping[tuple[str, str], str]

TITLES: Mapping[str, tuple[str, str]] = {
    "received": ("Eingang bestätigen", "Confirm receipt"),
    "ask": ("Rückfrage", "Ask back"),
    "delivery": ("Lieferung verspätet oder falsch", "Delivery late or wrong"),
    "quality_defect": ("Mangel", "Defect"),
    "invoice_payment": ("Rechnung", "Invoice"),
    "service_staff": ("Ärger mit uns", "Trouble with us"),
    "cancellation_threat": ("Will kündigen", "Wants to leave"),
    "done": ("Erledigt", "Settled"),
}

REPLIES: Mapping[str, Texts] = {
    "received": {
        ("de", "Sie"): "vielen Dank für Ihre Nachricht. Ich kümmere mich darum und melde mich bis {until} bei Ihnen.",
        ("de", "Du"): "danke für deine Nachricht. Ich kümmere mich darum und melde mich bis {until} bei dir.",
        ("en", ""): "thank you for your message. I am looking into it and will get back to you by {until}.",
    },
    "ask": {
        ("de", "Sie"): "vielen Dank für Ihre Nachricht. Damit ich Ihnen schnell helfen kann, brauche ich noch eine "
        "Angabe: …",
        ("de", "Du"): "danke für deine Nachricht. Damit ich dir schnell helfen kann, brauche ich noch eine Angabe: …",
        ("en", ""): "thank you for your message. So that I can help you quickly, I need one more detail: …",
    },
    "delivery": {
        ("de", "Sie"): "es tut mir leid, dass die Lieferung nicht so bei Ihnen ist, wie sie sollte. Ich kläre, was "
        "geschehen ist, und nenne Ihnen bis {until} einen festen Termin.",
        ("de", "Du"): "es tut mir leid, dass die Lieferung nicht so bei dir ist, wie sie sollte. Ich kläre, was "
        "geschehen ist, und nenne dir bis {until} einen festen Termin.",
        ("en", ""): "I am sorry that the delivery is not with you as it should be. I am finding out what happened and "
        "will give you a firm date by {until}.",
    },
    "quality_defect": {
        (
            "de",
            "Sie",
        ): "es tut mir leid, dass die Ware nicht in Ordnung ist. Wenn Sie mir ein Foto schicken, geht es am "
        "schnellsten. Bis {until} sage ich Ihnen, wie wir es beheben.",
        ("de", "Du"): "es tut mir leid, dass die Ware nicht in Ordnung ist. Wenn du mir ein Foto schickst, geht es am "
        "schnellsten. Bis {until} sage ich dir, wie wir es beheben.",
        (
            "en",
            "",
        ): "I am sorry that the goods are not as they should be. A photograph would help us most. By {until} I "
        "will tell you how we put it right.",
    },
    "invoice_payment": {
        ("de", "Sie"): "danke für den Hinweis. Ich prüfe die Rechnung und melde mich bis {until}. Solange brauchen Sie "
        "nichts zu veranlassen.",
        ("de", "Du"): "danke für den Hinweis. Ich prüfe die Rechnung und melde mich bis {until}. Solange brauchst du "
        "nichts zu veranlassen.",
        (
            "en",
            "",
        ): "thank you for telling us. I am checking the invoice and will get back to you by {until}. Until then "
        "there is nothing you need to do.",
    },
    "service_staff": {
        ("de", "Sie"): "es tut mir leid, wie das gelaufen ist. Danke, dass Sie es mir schreiben. Ich spreche mit allen "
        "Beteiligten und rufe Sie bis {until} an, wenn es Ihnen recht ist.",
        ("de", "Du"): "es tut mir leid, wie das gelaufen ist. Danke, dass du es mir schreibst. Ich spreche mit allen "
        "Beteiligten und rufe dich bis {until} an, wenn es dir recht ist.",
        (
            "en",
            "",
        ): "I am sorry for how this went, and grateful that you tell me. I will talk to everybody involved and "
        "call you by {until}, if that suits you.",
    },
    "cancellation_threat": {
        ("de", "Sie"): "ich verstehe, dass Sie so nicht weitermachen möchten. Darf ich Sie bis {until} anrufen? Ich "
        "möchte hören, was geschehen ist, und es in Ordnung bringen.",
        ("de", "Du"): "ich verstehe, dass du so nicht weitermachen möchtest. Darf ich dich bis {until} anrufen? Ich "
        "möchte hören, was geschehen ist, und es in Ordnung bringen.",
        ("en", ""): "I understand that you do not want to go on like this. May I call you by {until}? I would like to "
        "hear what happened, and put it right.",
    },
    "done": {
        ("de", "Sie"): "das ist jetzt erledigt: {remedy}. Passt alles so für Sie? Wenn nicht, schreiben Sie mir bitte "
        "gleich.",
        (
            "de",
            "Du",
        ): "das ist jetzt erledigt: {remedy}. Passt alles so für dich? Wenn nicht, schreib mir bitte gleich.",
        ("en", ""): "this is settled now: {remedy}. Is everything as you want it? If not, please write to me at once.",
    },
}
