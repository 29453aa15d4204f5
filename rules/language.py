"""Which language a text is written in, by a vote of its commonest words; None where too few speak up."""

import re

_COMMON: dict[str, str] = {
    "de": (
        "der die das und ich sie wir ist nicht ein eine einen mit auf für von zu den dem des im in es"
        " bitte uns ihr ihre ihren haben hat werden wurde sind auch noch nach bei oder wie wenn dass"
        " aber mir mich vielen dank danke hallo guten sehr geehrte geehrter freundlichen grüßen gruß"
        " grüße kann können möchte habe war zum zur um am vom ihnen herr frau liebe"
    ),
    "en": (
        "the and you to of is in it for that on with this have are be not we i my our your please"
        " thank thanks hello dear hi was will would can could has had from at as by but if or an"
        " there they them regards kind best do does me us am"
    ),
    "fr": (
        "le la les et est une des du pour pas vous nous je que qui dans sur avec bonjour merci"
        " cordialement au aux ce cette votre"
    ),
    "es": (
        "el los las y es una por para con que de no se lo su gracias hola saludos usted muy pero como más este esta"
    ),
    "it": (
        "il lo gli e è una per con che di non si la grazie ciao saluti sono della del dei alla questo questa buongiorno"
    ),
    "nl": (
        "de het een en is van voor met niet dat op te aan ik je wij u bedankt hallo groet groeten"
        " naar bij ook zijn heeft"
    ),
    "pt": ("o os as e é uma por para com que de não se obrigado olá você muito mas como mais este esta do da dos"),
    "pl": ("i w na z do nie że się jest to dla po od za pan pani proszę dziękuję dzień dobry pozdrawiam jak o co"),
    "da": ("og i jeg det at en den til er som på de med han af for ikke der var mig sig hilsen tak hej venlig"),
    "sv": ("och i att det som en på är av för med till den har de inte om ett jag hej tack hälsningar vi var så"),
    "cs": ("a se v na je že s z do o k i jsem to za jak ale po dobrý den děkuji pozdravem prosím pro jste od"),
    "tr": ("ve bir bu için ile de da çok daha olarak merhaba teşekkürler ben siz olan gibi ama en ne"),
}
_VOTES: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        _VOTES[_word] = (*_VOTES.get(_word, ()), _language)
_WORD = re.compile(r"[^\W\d_]+")
_READ = 3000
_FEWEST = 2.0
_LEAD = 1.3


def language_of(text: str) -> str | None:
    """The language (ISO 639-1) of a text; None for short or mixed ones."""
    scores = dict.fromkeys(_COMMON, 0.0)
    for word in _WORD.findall(text[:_READ].lower()):
        voters = _VOTES.get(word)
        if voters:
            # A word of several languages decides little between them.
            for language in voters:
                scores[language] += 1 / len(voters)
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if scores[first] < _FEWEST or scores[first] < _LEAD * scores[second]:
        return None
    return first
