"""How mail programs introduce what others wrote: attribution lines, forward marks, mobile footers, disclaimers."""

# "On … Max wrote:": the verb, which stands last or is followed by the name. Patterns, joined by "|", as all below.
WROTE = (
    "wrote|writes|schrieb|schrieben|hat geschrieben|geschrieben|a écrit|écrit|ecrit|escribió|escribio"
    "|ha escrito|ha scritto|scrisse|scritto|escreveu|skrev|skreiv|schreef|geschreven|napsal|napsala"
    "|napsal\\(a\\)|napísal|napísal\\(a\\)|pisze|napisał|napisała|napisał\\(a\\)|kirjoitti|написал|написала"
    "|написав|написал\\(a\\)|пишет|пише|のメール|書きました|さんは書きました|写道|寫道|작성|님이 작성|yazdı"
    "|şunları yazdı|írta|a scris|ai scris|je napisao|je napisala|napisao|napisala|rakstīja|rašė|kirjutas"
    "|έγραψε|schreiben|said|skrifaði|pisal|pisala|je pisal"
)
# What such a line begins with.
OPENINGS = (
    "On|Am|Le|El|Il|Em|Den|Op|Dne|Dňa|W dniu|Dnia|On behalf|Il giorno|À|Al|Pe|På|Lör|Mån|Tis|Ons|Tor|Fre"
    "|Sön|Ma|Di|Wo|Do|Vr|Za|Zo|A|Dana|U|Kl|Tarih|Στις|В|Um|Vào|At|pon|wt|śr|czw|pt|sob|niedz|ke|ti|to|pe"
    "|la|su|ma"
)
# What says that the following is a mail passed on, wherever it stands in the line.
FORWARDED = (
    "forwarded message|forwarded by|begin forwarded|fwd message|weitergeleitete nachricht"
    "|weitergeleiteten nachricht|weitergeleitete e-mail|weitergeleitete mail|weitergeleitet von"
    "|message transféré|message transmis|début du message|message réexpédié|mensaje reenviado"
    "|inicio del mensaje|mensagem encaminhada|mensagem reencaminhada|início da mensagem"
    "|messaggio inoltrato|inizio messaggio|inizio del messaggio|doorgestuurd bericht|begin doorgestuurd"
    "|videresendt|videresend|vidarebefordrat|vidarebefordra|påbörja vidarebefordrat|start på vidaresendt"
    "|välitetty|välitetyn|przekazana wiadomość|przesłana dalej|treść przekazanej|początek przekazanej"
    "|wiadomość przekazana|přeposlaná zpráva|preposlaná správa|začátek přeposlané|začiatok preposlanej"
    "|пересылаемое сообщение|переадресоване|пересланное|переслане повідомлення|начало переадресованного"
    "|початок листа|továbbított|iletilen|başlangıç|yönlendirilmiş|redirecționat|mesaj redirec"
    "|proslijeđena poruka|proslijedi|edastatud|転送|转发|轉寄|轉發|전달된|다음으로부터 전달|posredovano"
    "|προωθημένο|începe mesajul|áframsent|початок переслан|mesaj iletildi|start av videresendt"
    "|början på vidarebefordrat|mensagem original encaminhada|transmis le message"
    "|fin du message transféré"
)
# What says that the following is the mail that is answered.
ORIGINAL = (
    "original message|original appointment|original-nachricht|originalnachricht|ursprüngliche nachricht"
    "|ursprüngliche mail|originalmeddelande|ursprungligt meddelande|ursprungsmeddelande"
    "|oprindelig meddelelse|opprinnelig melding|message d'origine|message original|mensaje original"
    "|mensagem original|messaggio originale|oorspronkelijk bericht|origineel bericht|wiadomość oryginalna"
    "|oryginalna wiadomość|původní zpráva|původní e-mail|pôvodná správa|исходное сообщение"
    "|оригинальное сообщение|eredeti üzenet|özgün ileti|orijinal mesaj|mesaj original|alkuperäinen viesti"
    "|alkuperäinen|原始邮件|原邮件|原始郵件|元のメッセージ|オリジナルメッセージ|원본 메시지"
    "|izvorna poruka|upprunaleg"
)
# Prefixes of the subject of a mail passed on.
FORWARD_PREFIXES = (
    "fwd|fw|wg|wtr|tr|rv|rif|inoltro|inoltra|enc|ilt|i|vs|vb|doorst|vl|pd|pf|fs|fvs|továbbítás|пд|пересл"
    "|转发|轉寄|転送|fyi|vid"
)
# Footers that telephones and mail programs add.
MOBILE = (
    "sent from my|sent from mobile|sent from outlook|sent from yahoo|sent from mail for|sent via"
    "|sent with|sent using|get outlook for|von meinem|von meiner|gesendet von|gesendet mit|gesendet über"
    "|gesendet aus|gesendet vom|diese nachricht wurde von meinem|diese e-mail wurde von meinem"
    "|outlook für (?:ios|android)|holen sie sich outlook|envoyé de mon|envoyé depuis|enviado desde mi"
    "|enviado do meu|inviato da|inviato dal|verzonden vanaf|verstuurd vanaf|skickat från min"
    "|sendt fra min|lähetetty|wysłane z|odesláno z|отправлено с|iphone'umdan|my iphone"
)
# How disclaimers begin.
DISCLAIMERS = (
    "diese e-?mail (?:enthält|kann|ist|und)|diese nachricht (?:enthält|ist vertraulich)"
    "|der inhalt dieser e-?mail|die information(?:en)? in dieser e-?mail|wichtiger hinweis:"
    "|vertraulichkeitshinweis|haftungsausschluss"
    "|this (?:e-?mail|message|communication)(?: message)?(?:,| and| is| may| contains)"
    "|the information (?:contained )?in this|the contents of this e-?mail|confidentiality (?:notice|note)"
    "|disclaimer:|important notice:|privileged|ce message (?:et|est)|este mensaje|bitte prüfen sie,? ob"
    "|please consider the environment|bitte denken sie an die umwelt"
)
