"""How mail programs introduce what others wrote: attribution lines, forward marks, prefixes of subjects; by language.

Every row is part of a regular expression, its alternatives separated by "|".
"""

# "On … Max wrote:": the verb, which stands last or is followed by the name.
WROTE: dict[str, str] = {
    "de": "schrieb|schrieben|hat geschrieben|geschrieben|schreibt|schreiben",
    "en": "wrote|writes|said|has written|schrieb",
    "fr": "a écrit|écrit|ecrit|a ecrit|écrivait",
    "es": "escribió|escribio|ha escrito|escribía|escribiste",
    "pt": "escreveu|escrevia",
    "it": "ha scritto|scrisse|scritto|ha inviato",
    "nl": "schreef|heeft geschreven|geschreven|het volgende geschreven",
    "da": "skrev|skriver",
    "no": "skrev|skreiv",
    "sv": "skrev|skriver",
    "fi": "kirjoitti|kirjoittaa",
    "is": "skrifaði|ritaði",
    "pl": "napisał|napisała|napisał\\(a\\)|napisa[łl]/a|pisze|pisał",
    "cs": "napsal|napsala|napsal\\(a\\)|napsal/a|píše",
    "sk": "napísal|napísala|napísal\\(a\\)|napísal/a|píše",
    "sl": "je pisal|pisal|pisala|je oseba|je napisal|napisal",
    "hr": "je napisao|je napisala|napisao|napisala|je napisao/la|piše",
    "hu": "írta|ezt írta|a következőt írta",
    "ro": "a scris|ai scris|scrie",
    "et": "kirjutas|kirjutab",
    "lv": "rakstīja|raksta",
    "lt": "rašė|rašo",
    "tr": "yazdı|şunları yazdı|şunu yazdı|yazmış",
    "ru": "написал|написала|написал\\(а\\)|написал\\(a\\)|пишет|писал",
    "uk": "написав|написала|написав\\(ла\\)|пише|писав",
    "bg": "написа|написал|пише",
    "el": "έγραψε|έγραψαν",
    "ja": "のメール|書きました|さんは書きました|さんが書きました|書き込みました|wrote",
    "zh": "写道|寫道|写到|写了|寫了",
    "ko": "작성|님이 작성|님이 씀|썼습니다",
}
# What such a line begins with. Days of the week and plain dates count as well.
OPENINGS: dict[str, str] = {
    "de": "Am|Um|Von|Vom",
    "en": "On|At|In",
    "fr": "Le|À",
    "es": "El|Al|En",
    "pt": "Em|A|No|Na",
    "it": "Il|Il giorno|Alle|In data|Addì",
    "nl": "Op|Om",
    "da": "Den|På|D\\.",
    "no": "Den|På|Kl",
    "sv": "Den|På|Kl",
    "fi": "Kello|Klo",
    "is": "Þann|Á",
    "pl": "W dniu|Dnia|W",
    "cs": "Dne|V",
    "sk": "Dňa|V",
    "sl": "V|Dne|Na",
    "hr": "Dana|U|Na",
    "hu": "A|Az",
    "ro": "Pe|În|La",
    "et": "Kuupäeval|Kell",
    "lv": "Datums",
    "tr": "Tarih",
    "ru": "В|От",
    "uk": "У|Від|В",
    "bg": "На",
    "el": "Στις|Την|Το",
    "vi": "Vào",
}
# The days of the week, shortened to what begins all their forms.
WEEKDAYS: dict[str, str] = {
    "de": "Mo|Di|Mi|Do|Fr|Sa|So",
    "en": "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
    "fr": "lun|mar|mer|jeu|ven|sam|dim",
    "es": "lun|mar|mié|jue|vie|sáb|dom",
    "pt": "seg|ter|qua|qui|sex|sáb|dom",
    "it": "lun|mar|mer|gio|ven|sab|dom",
    "nl": "ma|di|wo|do|vr|za|zo",
    "da": "man|tir|ons|tor|fre|lør|søn",
    "sv": "mån|tis|ons|tors|fre|lör|sön",
    "fi": "ma|ti|ke|to|pe|la|su",
    "pl": "pon|wt|śr|czw|pt|sob|niedz|nd",
    "cs": "po|út|st|čt|pá|so|ne",
    "ru": "пн|вт|ср|чт|пт|сб|вс",
    "uk": "пн|вт|ср|чт|пт|сб|нд",
}
# Words with which a person, not a program, tells what somebody wrote ("Am 3. Mai schrieben Sie mir Folgendes:").
TOLD: dict[str, str] = {
    "de": "mir|uns|sie|ihnen|ihre?|ihren|mein|meine|unser|unsere|ich|wir|er|du|dein|der|die",
    "en": "me|us|you|your|my|our|i|we|they|the",
    "fr": "nous|vous|votre|votre|notre|je|m'avez",
    "es": "nos|usted|ustedes|me",
    "it": "ci|mi|lei|voi",
    "nl": "mij|ons|u|uw|wij|ik",
}
# Words that announce a citation in running text.
ANNOUNCED: dict[str, str] = {
    "de": "folgend",
    "en": "following",
    "fr": "suivant|ce qui suit",
    "es": "siguiente|lo siguiente",
    "pt": "seguinte",
    "it": "seguente|quanto segue",
    "nl": "volgende",
}
# What says that the following is a mail passed on, wherever it stands in the line.
FORWARDED: dict[str, str] = {
    "de": (
        "weitergeleitete nachricht|weitergeleiteten nachricht|weitergeleitete e-?mail|weitergeleitete mail"
        "|weitergeleitet von|weitergeleitet am|anfang der weitergeleiteten|beginn der weitergeleiteten"
        "|weiterleitung der nachricht|weitergeleitete mitteilung"
    ),
    "en": (
        "forwarded message|forwarded by|forwarded e-?mail|begin forwarded|fwd message|forwarded mail|start of forwarded"
    ),
    "fr": (
        "message transféré|message transmis|début du message|message réexpédié|fin du message transféré"
        "|transmis le message|courriel transféré|réexpédié par|e-?mail transféré|transféré par"
    ),
    "es": "mensaje reenviado|inicio del mensaje|comienzo del mensaje|reenviado por|correo reenviado",
    "pt": (
        "mensagem encaminhada|mensagem reencaminhada|início da mensagem|mensagem original encaminhada"
        "|encaminhado por|reencaminhado por|e-?mail encaminhado"
    ),
    "it": "messaggio inoltrato|inizio messaggio|inizio del messaggio|inoltrato da|e-?mail inoltrata|messaggio girato",
    "nl": "doorgestuurd bericht|begin doorgestuurd|doorgestuurd door|doorgezonden bericht|doorgestuurde e-?mail",
    "da": "videresendt|videresend|viderestillet|start på videresendt",
    "no": "videresendt|videresend|start av videresendt|vidaresendt|start på vidaresendt",
    "sv": "vidarebefordrat|vidarebefordra|påbörja vidarebefordrat|början på vidarebefordrat|vidarebefordrad",
    "fi": "välitetty|edelleenlähetetty|edelleen lähetetty|välitetyn",
    "is": "áframsent|framsent",
    "pl": (
        "przekazana wiadomość|przesłana dalej|treść przekazanej|początek przekazanej|wiadomość przekazana"
        "|wiadomość przesłana|przekazane przez|przesłana wiadomość|wiadomość przekazywana"
    ),
    "cs": "přeposlaná zpráva|začátek přeposlané|přeposlaný|předaná zpráva|přeposlal|přeposílaná zpráva",
    "sk": "preposlaná správa|začiatok preposlanej|preposlaný|postúpená správa|odovzdaná správa|preposielaná",
    "sl": "posredovano|posredovana",
    "hr": "proslijeđena|proslijeđeno|proslijedi|prosleđena|prosleđeno|prosljeđena|započni proslijeđenu",
    "hu": "továbbított|továbbítva|továbbküldött|továbbítás kezdete",
    "ro": "redirecționat|mesaj redirec|începe mesajul|mesaj înaintat|redirectionat|mesaj retrimis|înaintat|retransmis",
    "et": "edastatud|edasi saadetud|edasisaadetud",
    "lv": "pārsūtīt",
    "lt": "persiųst",
    "tr": "iletilen|iletilmiş|başlangıç|yönlendirilmiş|mesaj iletildi|yönlendirilen|iletinin başı",
    "ru": "пересылаемое|переадресованн|пересланное|пересланно|перенаправленн|начало переадресованного",
    "uk": "переадресован|пересланий|переслане|переслан|початок листа|перенаправлен|пересилан",
    "bg": "препратено|препратен",
    "el": "προωθημένο|προωθήθηκε|προώθηση",
    "ja": "転送",
    "zh": "转发|轉寄|轉發|转寄",
    "ko": "전달된|다음으로부터 전달|전달 메시지|전달한",
}
# What says that the following is the mail that is answered.
ORIGINAL: dict[str, str] = {
    "de": (
        "original-?\\s?nachricht|ursprüngliche nachricht|ursprüngliche mail|ursprüngliche e-?mail|originalmail"
        "|original-?mail|original-?e-?mail|ursprungsnachricht|ursprünglicher termin|original-?mitteilung"
    ),
    "en": "original message|original appointment|original e-?mail|original mail|reply message|reply separator",
    "fr": "message d'origine|message d’origine|message original|message initial|mail original|courriel original",
    "es": "mensaje original|correo original",
    "pt": "mensagem original",
    "it": "messaggio originale|messaggio d'origine",
    "nl": "oorspronkelijk bericht|origineel bericht|oorspronkelijke e-?mail",
    "da": "oprindelig meddelelse|original meddelelse|oprindelig besked|oprindelig mail",
    "no": "opprinnelig melding|original melding|opprinneleg melding",
    "sv": "originalmeddelande|ursprungligt meddelande|ursprungsmeddelande|ursprungliga meddelandet",
    "fi": "alkuperäinen viesti|alkuperäinen",
    "is": "upprunaleg",
    "pl": "wiadomość oryginalna|oryginalna wiadomość|pierwotna wiadomość",
    "cs": "původní zpráva|původní e-?mail|originální zpráva",
    "sk": "pôvodná správa",
    "sl": "izvirno sporočilo",
    "hr": "izvorna poruka|originalna poruka|izvornik",
    "hu": "eredeti üzenet|eredeti levél",
    "ro": "mesaj original|mesajul original|mesaj inițial",
    "et": "algne sõnum|originaalsõnum|algne kiri",
    "lv": "sākotnējais ziņojums",
    "lt": "pradinis laiškas",
    "tr": "özgün ileti|orijinal mesaj|orijinal ileti|özgün mesaj",
    "ru": "исходное сообщение|оригинальное сообщение|исходное письмо|первоначальное сообщение",
    "uk": "вихідне повідомлення|оригінальне повідомлення|початкове повідомлення",
    "bg": "оригинално съобщение",
    "el": "αρχικό μήνυμα",
    "ja": "元のメッセージ|オリジナルメッセージ|元のメール",
    "zh": "原始邮件|原邮件|原始郵件|原始信件",
    "ko": "원본 메시지|원본 메일",
}
# Prefixes of the subject of a mail passed on.
FORWARD_PREFIXES: dict[str, str] = {
    "de": "wg|wtr|weitergeleitet|weiterleitung|wl|weiterl",
    "en": "fwd|fw|forwarded|forward|fyi",
    "fr": "tr|transf|transféré|réexp|réexpédié|trans",
    "es": "rv|reenv|reenviado|reenviar",
    "pt": "enc|encaminhada|encaminhado|encaminhar|reencaminhada|reencaminhado",
    "it": "i|inoltro|inoltra|inoltr|inoltrato|inoltrata",
    "nl": "doorst|doorgestuurd|doorsturen|dst",
    "da": "vs|videresend|videresendt|fs",
    "no": "vs|vid|videresendt|vidaresendt",
    "sv": "vb|vidarebefordrat|vidarebefordran",
    "fi": "vl|välitys|välitetty|edelleenlähetetty|lähetä edelleen",
    "is": "fs|fvs|áframsent",
    "pl": "pd|przekaz|przekazane|podaj dalej|przesłane dalej",
    "cs": "přep|předáno|přeposláno|předat|přeposlat|př",
    "sk": "prep|preposlané|postúpené|odovzdané",
    "sl": "posredovano",
    "hr": "prosl|pf|proslijeđeno|proslijeđena|proslijedi|prosljeđeno|prosleđeno|pr",
    "hu": "továbbítás|továbbítva|továbbított|tov|továbbít",
    "ro": "redir|redirecționat|redirectionat|redirecționare",
    "et": "edasi|ed|edastatud|edastus",
    "lv": "pārs|pārsūtīts",
    "lt": "pers|persiųsta",
    "tr": "ilt|ileti|iletilen|ynl|yönlendirilen",
    "ru": "пересл|пд|переслано|пересылка",
    "uk": "пересл|пд|переслано|перес",
    "bg": "препр|препратено",
    "el": "πρθ|προωθ",
    "ja": "転送",
    "zh": "转发|轉寄|转|轉發",
    "ko": "전달",
}
# Prefixes of the subject of an answer.
REPLY_PREFIXES: dict[str, str] = {
    "de": "aw|antwort|antw|re-aw",
    "en": "re|reply|response",
    "fr": "rép|rep|réf",
    "es": "res|resp",
    "pt": "res|resp",
    "it": "r|rif|risp",
    "nl": "antw|betr",
    "da": "sv|svar",
    "sv": "sv",
    "fi": "vast",
    "pl": "odp",
    "cs": "odp|odpověď",
    "hu": "vá|válasz",
    "ro": "răsp|raspuns",
    "tr": "ynt|yan|yanıt",
    "ru": "отв|ответ",
    "uk": "відп",
    "el": "απ|σχετ",
    "ja": "返信",
    "zh": "回复|回覆|答复|答覆",
    "ko": "답장|회신",
}


def any_of(*tables: dict[str, str]) -> str:
    """All alternatives of the tables, the longest first, so that none hides behind its own beginning."""
    words = {word for table in tables for row in table.values() for word in row.split("|")}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
