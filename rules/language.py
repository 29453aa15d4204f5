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
    "da": (
        "og i jeg det at en den til er som på de med han af for ikke der var mig dig hilsen tak hej venlig jer hvad"
        " også kan vi har fra mvh"
    ),
    "no": (
        "og i jeg det at en den til er som på de med han av for ikke der var meg deg hilsen takk hei vennlig dere hva"
        " også kan vi har fra hvordan noe mvh"
    ),
    "sv": (
        "och i att det som en på är av för med till den har de inte om ett jag hej tack hälsningar vi var så kan från"
    ),
    "fi": (
        "ja on ei että se hän oli ovat mutta kun niin tai minä olen me te kiitos hei terveisin tämä myös voi voisitko"
        " mitä jos vielä ystävällisin sekä"
    ),
    "cs": (
        "a se v na je že s z do o k i jsem to za jak ale po dobrý den děkuji pozdravem prosím pro jste od ještě bude"
    ),
    "sk": (
        "a sa v na je že s z do o k i som to za ako ale po dobrý deň ďakujem pozdravom prosím pre ste od ešte bude by"
    ),
    "hr": (
        "i je u na se da za od su sa ne što ili kao ali poštovani pozdrav hvala molim vas možete smo sam dobar dan"
        " će bi nije"
    ),
    "sl": "in je v na se da za od so z ne kaj ali kot pa spoštovani pozdrav hvala prosim vas lahko smo sem dober ni",
    "hu": (
        "a az és hogy nem is egy van ez meg de ha csak már köszönöm üdvözlettel tisztelt jó napot kérem szeretném mert"
        " vagy még el"
    ),
    "ro": (
        "și si de la în in cu pe nu că ca o un este sunt pentru mai din vă va mulțumesc bună ziua stimate domnule rog"
        " ați am au"
    ),
    "et": "ja on ei et see ma ta oli aga kui ka või tere aitäh lugupidamisega palun teie meie olen kas veel kuid mis",
    "lv": "un ir ka nav ar no uz par es jūs mēs paldies labdien lūdzu ar cieņu kas bet vai arī šo",
    "lt": "ir yra kad ne su iš į apie aš jūs mes ačiū laba diena prašau pagarbiai kas bet ar taip pat",
    "tr": (
        "ve bir bu için ile de da çok daha olarak merhaba teşekkürler ben siz olan gibi ama en ne değil var mı mi"
        " sayın iyi lütfen"
    ),
    "ru": (
        "и в не на что я с это он как по но мы вы за к у от для же ли бы было спасибо здравствуйте пожалуйста"
        " уважением день добрый вас нам его"
    ),
    "uk": (
        "і в не на що я з це він як по але ми ви за до у від для же чи було дякую доброго дня будь ласка повагою"
        " вас нам його та й є"
    ),
    "bg": "и в не на че аз с това той как по но ние вие за към от да се са ще благодаря моля здравейте уважение ден",
}
# Scripts that one language writes; asked only where Latin letters are few.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_LATIN = re.compile(r"[A-Za-z]")
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
    text = text[:_READ]
    scores = dict.fromkeys(_COMMON, 0.0)
    for word in _WORD.findall(text.lower()):
        voters = _VOTES.get(word)
        if voters:
            # A word of several languages decides little between them.
            for language in voters:
                scores[language] += 1 / len(voters)
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if scores[first] >= _FEWEST and scores[first] >= _LEAD * scores[second]:
        return first
    return None if text.isascii() else _by_script(text)


def _by_script(text: str) -> str | None:
    latin = len(_LATIN.findall(text))
    for language, letters in _SCRIPTS:
        found = len(letters.findall(text))
        # Japanese mixes its own letters with Chinese ones, so it is asked first.
        if found >= 4 and found > latin / 4:
            return language
    return None
