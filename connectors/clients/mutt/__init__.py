"""mutt and neomutt: a display filter that puts the summary above the mail, and the lines for the muttrc."""
