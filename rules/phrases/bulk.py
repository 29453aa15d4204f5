"""What only mail to many says of itself: how to get no more of it, why one gets it, where to see it in colours.

Most of it stands in lines of its own. What people write of newsletters ("I have unsubscribed three times") is none.
"""

LINES = (
    # German
    r"(?:hier |jetzt |(?:vom |den )?newsletter |e-?mails? )?(?:abmelden|abbestellen|austragen)(?: hier)?",
    r"(?:(?:diese )?(?:e-?mail|nachricht|newsletter) )?(?:im|in ihrem) browser (?:an(?:sehen|zeigen)|öffnen|lesen)",
    r"(?:online|web)-?(?:version|ansicht)",
    # English
    r"(?:click here to |you can )?(?:unsubscribe|opt[ -]out)(?: here| from this list| at any time)?",
    r"(?:view|read|open) (?:this (?:e-?mail|message|newsletter) )?(?:online|in (?:your|a|the) (?:web )?browser)",
    r"manage (?:your )?(?:e-?mail )?preferences",
)
PHRASES = (
    # German
    r"um sich (?:vom newsletter |von diesem verteiler )?abzumelden,? (?:klicken|folgen|nutzen|antworten|bitte)",
    r"(?:wenn|falls) sie (?:diesen newsletter|diese e-?mails?|keine weiteren (?:e-?mails|newsletter)) .{0,40}"
    r"(?:erhalten|bekommen) (?:möchten|wollen)",
    r"sie (?:erhalten|bekommen) (?:diesen newsletter|diese (?:e-?mail|nachricht)),? (?:weil|da) sie "
    r"(?:sich|unseren|bei uns|als|kunde|in der vergangenheit)\b",
    # English
    r"to unsubscribe(?: from .{1,40})?,? (?:please )?(?:click|follow|use|reply|send|visit)",
    r"if you (?:no longer (?:wish|want)|would prefer not|do not (?:wish|want)|don['’]t want) to receive "
    r"(?:these|this|our|any more|any further|further|future|such) (?:e-?mails?|newsletters?|messages|mailings?)",
    r"you(?: are|['’]re) receiving this (?:e-?mail|message|newsletter) (?:because|as) you "
    r"(?:signed|subscribed|opted|registered|have|are|recently)\b",
)
