"""What stands at the end of a mail: formulas of farewell, footers of telephones and programs, disclaimers, data.

Every row is part of a regular expression, its alternatives separated by "|". Tables by language where words differ.
"""

# Formulas of farewell. A name or a place may follow in the same line. Words of thanks alone are none: they are said
# to the reader.
FAREWELLS: dict[str, str] = {
    "de": (
        "(?:(?:mit|und|ganz|recht|auch|noch|vielen?|viele|besten?|lieben?|liebe[nrm]?|herzlich(?:e[nrms]?|st)?"
        "|freundlich(?:e[nrms]?|st)?|freundl\\.?|frdl\\.?|schönen?|sonnigen?|kollegialen?|sportlichen?|netten?"
        "|weihnachtlichen?|winterlichen?|sommerlichen?|herbstlichen?|frühlingshaften?|frohen?|1000|danke|dank"
        "|bestem|vorab|voraus|im|schon|für ihre mühe|einen?|,)\\s*){0,8}"
        "(?:grüße|grüßen|grüsse|grüssen|gruesse|gruessen|gruß|gruss|grüßle|grüßli|gruessli)(?!\\w)"
        "|mfg(?!\\w)|m\\. ?f\\. ?g\\.|mit freundl\\. gr\\.|(?:vg|lg|bg|hg|glg|beste g|fg)(?!\\w)"
        "|(?:mit (?:vorzüglicher |besonderer )?)?hochachtung(?:svoll)?|es grüßt(?: (?:sie|dich|euch|herzlich"
        "|freundlich|ganz))*|bis (?:bald|dann|später|morgen|nächste woche)(?= *[,!.]* *$)|hochachtungsvollst"
    ),
    "en": (
        "(?:with |my )?(?:kind(?:est)?|best|warm(?:est)?|many|good) (?:personal )?(?:regards|wishes|greetings)"
        "|(?:with )?(?:kind |best )?regards|best(?= *[,!.]* *$)|(?:yours|very|most)(?: (?:truly|sincerely|faithfully))+"
        "|sincerely(?: yours)?|cheers|respectfully(?: yours)?|yours(?= *, *$)|kr(?= *,? *$)|rgds|brgds|br(?= *,? *$)"
        "|all the best|take care(?= *[,!.]* *$)|cordially"
    ),
    "fr": (
        "(?:bien |très )?(?:cordialement|amicalement|sincèrement|respectueusement)(?: vôtre)?|cdlt|bien à (?:vous|toi)"
        "|(?:meilleures|sincères) salutations|salutations (?:distinguées|cordiales)|cordiales salutations"
        "|bonne (?:journée|soirée|réception)(?= *[,!.]* *$)"
    ),
    "es": (
        "(?:un )?(?:cordial |atento )?saludos?(?: cordial(?:es)?| atento)?|atentamente|cordialmente|(?:un )?abrazo"
        "|muy atentamente"
    ),
    "pt": (
        "(?:com os )?(?:melhores )?cumprimentos|atenciosamente|cordialmente|att(?= *[,.]* *$)|(?:um )?abraço|saudações"
    ),
    "it": (
        "(?:i più |con i più )?(?:cordiali|distinti|migliori) saluti|cordialmente|saluti|un (?:caro )?saluto|cordialità"
    ),
    "nl": (
        "(?:met )?(?:vriendelijke|hartelijke|beste|warme) ?(?:groet|groeten)|mvg(?!\\w)|groet(?:en|jes)?(?!\\w)"
        "|hoogachtend|met hoogachting"
    ),
    "da": (
        "(?:med )?(?:venlig|bedste|mange|kærlig) ?(?:hilsen|hilsner)|(?:mvh|vh|dbh)(?!\\w)|hilsen|de bedste hilsner"
        "|kh(?= *,? *$)"
    ),
    "no": "(?:med )?(?:vennlig|beste|venleg) hilsen|beste hilsner|vennlig helsing|med venleg helsing",
    "sv": (
        "(?:med )?(?:vänlig|vänliga|bästa|hjärtliga|varma|många) ?(?:hälsning(?:ar)?)|(?:mvh|vh|bh)(?!\\w)"
        "|hälsningar|hälsning|allt gott"
    ),
    "fi": "(?:ystävällisin |parhain |terveisin ?)(?:terveisin)?|terveisin|terv\\.?|yst\\.? terv\\.?|t\\.(?= *$)",
    "pl": (
        "z (?:poważaniem|powazaniem|wyrazami szacunku)|(?:serdecznie )?pozdrawiam(?: serdecznie)?|pozdrowienia"
        "|serdeczne pozdrowienia|łączę pozdrowienia"
    ),
    "cs": "s (?:přátelským |srdečným )?pozdravem|s úctou|se srdečným pozdravem|zdraví(?= *,? *$)|hezký den",
    "sk": "s (?:pozdravom|úctou)|s priateľským pozdravom|so srdečným pozdravom|pekný deň",
    "sl": "(?:lep|prijazen) pozdrav|lp(?!\\w)|s spoštovanjem",
    "hr": "(?:srdačan |lijep |lep )?pozdrav|s poštovanjem|lp(?!\\w)|srdačno",
    "hu": "(?:üdvözlettel|tisztelettel|köszönettel|szívélyes üdvözlettel|üdv)(?!\\w)",
    "ro": "(?:cu )?(?:stimă|respect|prietenie|considerație)(?= *[,.]* *$)|toate cele bune|o zi bună",
    "et": "(?:lugupidamisega|parimate soovidega|tervitades|tervitustega)",
    "lv": "(?:ar cieņu)",
    "lt": "(?:pagarbiai|su pagarba|geriausi linkėjimai)",
    "tr": "(?:saygılarımla|saygılarımızla|iyi çalışmalar|sevgiler|selamlar|iyi günler)(?= *[,.]* *$)",
    "ru": "с уважением|с наилучшими пожеланиями|всего (?:доброго|хорошего)|с приветом",
    "uk": "з повагою|з найкращими побажаннями|всього найкращого",
    "bg": "с уважение|поздрави",
    "el": "με εκτίμηση|φιλικά|χαιρετισμούς|με φιλικούς χαιρετισμούς",
}
# Words of thanks that end a text. They stay, but what follows may be a signature.
THANKS = (
    "thanks(?: (?:a lot|again|in advance|so much|and regards))?|many thanks|thank you(?: (?:very much|in advance))?"
    "|(?:vielen |besten |herzlichen |schönen )?dank(?: (?:im voraus|vorab))?|danke(?: (?:im voraus|vorab|schön))?"
    "|merci(?: d'avance)?|gracias|grazie|obrigado|obrigada|bedankt|tak|tack|takk|kiitos|dziękuję|děkuji|ďakujem"
    "|спасибо|дякую|teşekkürler"
)
# Footers that telephones and mail programs add: the whole line, or its beginning.
FOOTERS: dict[str, str] = {
    "de": (
        "(?:diese (?:nachricht|e-?mail|mail) wurde )?von (?:meinem|meiner) [\\w .+-]{2,40}(?:gesendet|geschickt"
        "|verschickt)|von unterwegs gesendet|von unterwegs"
        "|von (?:samsung|huawei|xiaomi|mail|outlook|iphone|ipad|android|blackberry|windows)[\\w .+'-]{0,40} gesendet"
        "|(?:vo[nm] )?(?:handy|smartphone|tablet|mobiltelefon)(?: aus)? (?:gesendet|geschickt|geschrieben)"
        "|mobil gesendet.{0,40}|kurz und knapp,? (?:da|weil) .{0,30}|sichere e-?mails mit .{2,60}"
        "|(?:mobil )?(?:gesendet|verschickt|versendet|gesandt) (?:von|mit|über|aus|vom|via|durch) .{2,70}"
        "|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit) .{2,70}(?:gesendet|verschickt|geschrieben)"
        "|(?:outlook|yahoo mail) für \\w+ .{0,40}"
        "|(?:holen sie sich|hol dir|laden sie|(?:hier )?erhalten sie) outlook .{0,40}"
        "|virenfrei\\.? ?.{0,30}|diese e-?mail wurde von (?:avast|avg).{0,80}"
        "|bitte entschuldigen sie (?:die kürze|tippfehler|etwaige) .{0,90}|sent from my .{2,30}"
        "|outlook für (?:ios|android|mac)(?: (?:beziehen|herunterladen|abrufen))?|kurz, weil mobil.{0,30}"
    ),
    "en": (
        "sent from (?:my |mobile|outlook|yahoo|mail for|samsung|the |an? |proton|spark|mailbird|superhuman|iphone|ipad"
        "|blackberry|windows mail|gmail|hey|thunderbird|nine|bluemail|aquamail|galaxy)(?: ?[\\w'’+®™.()/:-]+){0,6}"
        "|sent (?:via|with|using|through|by) (?:[\\w'’+®™.()/:?=<>-]+ ?){1,8}"
        "|(?:get|download) [\\w ]{2,20} for (?:ios|android|mac|iphone|windows).{0,60}"
        "|yahoo mail: [\\w, ]{2,40}"
        "|(?:sent )?via (?:mobile|iphone|ipad|android|phone)|via mobile"
        "|(?:please )?excuse (?:my |any |the )?(?:brevity|typos|mobile).{0,80}|virus-free\\.? ?.{0,40}"
        "|connected by .{2,40}|my iphone|-*\\s?sent from my .{2,40}"
    ),
    "fr": (
        "(?:envoyé|télécharger outlook|obtenir outlook)(?: (?:de|depuis|à partir de|avec|via|par|pour)) .{2,60}"
        "|garanti sans virus.{0,40}"
    ),
    "es": "enviado (?:desde|con|por) .{2,60}|obtener outlook para .{2,40}|libre de virus.{0,30}",
    "pt": "enviado (?:do meu|a partir d|desde|via|por|pelo) ?.{2,60}|obter o outlook para .{2,40}",
    "it": "inviato (?:da|dal|con|tramite) .{2,60}|(?:ottieni|scarica) outlook per .{2,40}",
    "nl": (
        "(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|van) .{2,60}"
        "|(?:outlook voor|download outlook) .{2,40}"
    ),
    "da": "sendt (?:fra|med|via) .{2,60}|hent outlook til .{2,40}",
    "no": "sendt (?:fra|med|via) .{2,60}|(?:skaff|få|last ned) (?:deg )?outlook for .{2,40}",
    "sv": "skickat (?:från|med|via) .{2,60}|(?:skaffa|hämta) outlook för .{2,40}",
    "fi": "lähetetty .{2,60}|(?:hanki|lataa) outlook .{2,40}",
    "pl": "wysłane? (?:z|za pomocą|przez) .{2,60}|wysłano z .{2,60}|pobierz (?:aplikację )?outlook .{2,50}",
    "cs": "odesláno (?:z|ze|pomocí) .{2,60}|získat outlook pro .{2,40}|získejte outlook .{2,40}",
    "sk": "odoslané (?:z|zo|pomocou) .{2,60}|získať outlook pre .{2,40}",
    "sl": "poslano (?:z|iz|s) .{2,60}",
    "hr": "poslano (?:s|sa|iz|putem) .{2,60}",
    "hu": ".{0,30}(?:iphone|android|mobil)\\w*-?(?:omról|ról|ról küldve).{0,20}",
    "ro": "trimis (?:de pe|din|cu) .{2,60}|obțineți outlook pentru .{2,40}",
    "et": "saadetud minu .{2,40}",
    "tr": ".{2,30}(?:'?umdan|'?imden|'?ımdan|'?den|'?dan) gönderildi|iphone'umdan gönderildi",
    "ru": "отправлено (?:с|из|через|от) .{2,60}|отправлено .{0,12}(?:mail|почт).{0,40}",
    "uk": "надіслано (?:з|із|від) .{2,60}",
    "el": "στάλθηκε από .{2,60}",
    "ja": "iphoneから送信|.{2,30}から送信",
    "zh": "发自我的.{2,30}|從我的.{2,30}傳送",
    "ko": "나의 .{2,20}에서 보냄|.{2,20}에서 보냄",
}
# How disclaimers and the footers of lists begin; what follows belongs to them.
DISCLAIMERS: dict[str, str] = {
    "de": (
        "(?:(?:achtung|hinweis|wichtig|vertraulich)\\s?[:!]\\s*)?diese (?:e-?)?mail (?:enthält|kann|ist|und)"
        "|diese nachricht (?:enthält|ist vertraulich|kann|und)"
        "|der inhalt dieser (?:e-?mail|nachricht)|die informationen? in dieser (?:e-?mail|nachricht)"
        "|die in dieser (?:e-?mail|nachricht) enthaltenen|wichtiger hinweis:|vertraulichkeitshinweis"
        "|vertraulicher hinweis"
        "|haftungsausschluss|rechtlicher hinweis|diese information ist ausschließlich"
        "|dieses (?:e-?mail|dokument) (?:enthält|ist)|hinweis(?:e)? zum datenschutz|datenschutzhinweis"
        "|(?:unsere )?informationen (?:zum datenschutz|zur verarbeitung|zum umgang mit)"
        "|unsere datenschutz(?:hinweise|erklärung)"
        "|bitte prüfen sie,? ob|bitte denken sie an die umwelt"
        "|bitte beachten sie unsere (?:datenschutz|agb|allgemeinen)"
        "|denken sie an die umwelt|es gelten (?:ausschließlich )?unsere (?:allgemeinen|agb)"
        "|sollten sie (?:nicht der|diese (?:e-?mail|nachricht) (?:irrtümlich|versehentlich))"
        "|(?:falls|wenn) sie (?:nicht der|diese (?:e-?mail|nachricht) (?:irrtümlich|versehentlich))"
        "|muss diese e-?mail (?:wirklich )?(?:aus)?gedruckt"
        "|für (?:unsere|alle) (?:lieferungen|angebote|leistungen|aufträge)\\b"
        "|pflichtangaben gemäß|pflichtangaben:"
    ),
    "en": (
        "this (?:e-?mail|message|communication|transmission)(?: message)?(?:,| \\(|/| and| is| may| contains| was)"
        "|the information (?:contained )?in this|the contents of this e-?mail|confidentiality (?:notice|note)"
        "|disclaimer:|important(?: notice)?: (?:the|this)|important notice:|any views or opinions|privileged"
        "|please consider the environment"
        "|if you (?:are not|have received this)"
        "|(?:\\S+ )?mailing list *$|you received this message because|to unsubscribe"
    ),
    "fr": "ce (?:message|courriel|mail) (?:et|est|peut|contient)|les informations contenues dans ce",
    "es": (
        "este (?:mensaje|correo)(?: electrónico)? (?:y|es|puede|contiene)|aviso legal|la información contenida en este"
    ),
    "pt": "esta mensagem (?:e|é|pode|contém)|aviso legal|este e-?mail (?:e|é|pode|contém)",
    "it": "(?:questo messaggio|la presente e-?mail|le informazioni contenute in questo|questa e-?mail) ",
    "nl": "dit (?:bericht|e-?mailbericht) (?:is|en|kan)|de informatie in dit|deze e-?mail (?:is|en|kan|bevat)",
    "da": "denne (?:e-?mail|meddelelse|mail) (?:er|og|kan|indeholder)",
    "no": "denne (?:e-?posten?|meldingen) (?:er|og|kan|inneholder)",
    "sv": "(?:detta|det här) (?:e-postmeddelande|mejl|meddelande)t? (?:är|och|kan|innehåller)",
    "pl": "(?:niniejsza|ta) (?:wiadomość|korespondencja)|treść tej wiadomości",
    "cs": "(?:tato|tento) (?:zpráva|e-?mail) (?:je|a|může|obsahuje)|obsah této",
}
# What a paragraph that begins so speaks of, if it is one.
LEGAL = (
    "confidential|vertraulich|intended|adressat|empfänger|recipient|privileged|rechtlich|geschützt|unauthori[sz]ed"
    "|irrtümlich|versehentlich|virus|viren|umwelt|environment|datenschutz|agb|geschäftsbedingungen|pflichtangaben"
    "|unbefugt|personenbezogen|unsubscribe|mailing list|subscribed|group|confiden|destinat|riservat|vertrouwelijk"
    "|geadresseerde|fortrolig|konfidentiell|poufn|důvěrn|modtager|mottagare|mottaker|adresat|disclaimer|haftung|legal"
)
# What tells a line of a signature: means of contact, register and tax numbers, roles, addresses.
CONTACT = (
    "(?:tel(?:efon|efax)?|fon|phone|ph|fax|telefax|mobil(?:e|telefon|funk)?|handy|cell|durchwahl|dw|zentrale|hotline"
    "|office|direct|e-?mail|mail|web|www|internet|home(?:page)?|url|skype|t|f|m|e|p|w)\\b\\.?\\s*[:.|/]?\\s*"
    "(?:\\+|\\(?0|\\d{2}|www|http|[\\w.+-]+@)|\\S+@\\S+\\.\\w{2,}|(?:https?://|www\\.)\\S+|\\+\\d{1,3}[\\s()/\\d-]{6,}"
    "|\\(?0\\d{2,5}\\)?[\\s/-]+[\\d\\s/-]{4,}|\\(\\d{3}\\) ?\\d{3}-\\d{4}"
)
REGISTER = (
    "\\bhr[ab]\\b|handelsregister|registergericht|amtsgericht|ust-?\\.?\\s?-?id|umsatzsteuer|steuer-?n(?:r|ummer)"
    "|geschäftsf(?:ü|ue)hr(?:er|ung)|geschaeftsf|vorstand|aufsichtsrat|vorsitzende|sitz der gesellschaft|firmensitz"
    "|\\bsitz:|pers(?:ö|oe)nlich haftende|komplement(?:ä|ae)r|prokurist|inhaber(?:in)?:|iban|\\bbic\\b|bankverbindung"
    "|\\bblz\\b|vat|registered (?:office|in)|company (?:no|number)|managing director|\\bceo\\b|\\bcto\\b|\\bcfo\\b"
    "|\\beori\\b|\\buid\\b|firmenbuch|\\bfn \\d|handelskammer|\\bche-\\d"
)
FIRM = (
    "\\b(?:gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|e\\. ?k\\.|e\\. ?v\\.|eg|se|ltd|llc|inc|corp"
    "|s\\.?a\\.?r\\.?l|s\\.?r\\.?l|b\\.?v"
    "|aps|a/s|oy|sp\\. z o\\.? ?o|s\\.?p\\.?a|s\\.?a\\.?s|plc|co\\.)(?=$|[\\s,.|&)])"
)
PLACE = (
    "\\b(?:d|a|ch|de|at|l)?-?\\s?\\d{4,5}\\s+[a-zäöü]|(?:stra(?:ß|ss)e|str\\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee"
    "|markt|hof|berg|tor|graben|postfach|hausen|am|im|an der)\\s+\\d{1,4}\\s?[a-z]?\\b"
)
POSTSCRIPT = "p\\. ?s\\.?|ps|pps|nb|n\\.b\\.|nachtrag|noch etwas|ach ja|übrigens|by the way|btw"
