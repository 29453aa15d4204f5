"""How mail programs label the headers of a mail that they quote or forward, by language.

Outlook (Gesendet), Outlook for Mac and the New Outlook (Datum), Apple Mail, Thunderbird, Gmail, Yahoo, GMX, WEB.DE,
T-Online and Lotus Notes each have words of their own; a language's row holds all of them, separated by "|".
"""

FROM, DATE, TO, CC, SUBJECT, REPLY_TO = "from", "date", "to", "cc", "subject", "reply-to"

WORDS: dict[str, dict[str, str]] = {
    "de": {
        FROM: "Von|Absender|Gesendet von",
        DATE: "Datum|Gesendet|Gesendet am|Gesendet um|Verschickt|Datum und Uhrzeit",
        TO: "An|Empfänger|Gesendet an|Adressat",
        CC: "Cc|Kopie|Kopie an|Blindkopie|Blindkopie an|Bcc",
        SUBJECT: "Betreff|Betrifft|Thema",
        REPLY_TO: "Antwort an|Antwortadresse|Antworten an|Antwort-an",
    },
    "en": {
        FROM: "From|Sender",
        DATE: "Date|Sent|Sent On|Sent at|Received|Sended",
        TO: "To|Recipient|Recipients",
        CC: "Cc|CC|Bcc|Copy",
        SUBJECT: "Subject",
        REPLY_TO: "Reply-To|Reply To",
    },
    "fr": {
        FROM: "De|Expéditeur",
        DATE: "Date|Envoyé|Envoyé le|Date et heure|Date d'envoi",
        TO: "À|A|Pour|Destinataire|Vers|À l'attention de",
        CC: "Cc|Copie|Copie à",
        SUBJECT: "Objet|Sujet|Titre",
        REPLY_TO: "Répondre à|Répondre-à",
    },
    "es": {
        FROM: "De|Remitente|Desde",
        DATE: "Fecha|Enviado|Enviado el|Enviado en|Enviada el|Fecha de envío",
        TO: "Para|A|Destinatario",
        CC: "Cc|CC|Copia|Con copia",
        SUBJECT: "Asunto",
        REPLY_TO: "Responder a|Responder-A",
    },
    "pt": {
        FROM: "De|Remetente",
        DATE: "Data|Enviado|Enviado em|Enviada em|Enviada|Data de envio",
        TO: "Para|Destinatário",
        CC: "Cc|Com cópia",
        SUBJECT: "Assunto",
        REPLY_TO: "Responder a|Responder Para|Responder-Para|Responder para",
    },
    "it": {
        FROM: "Da|Mittente",
        DATE: "Data|Inviato|Inviato il|Data invio|Inviata|Inviata il|Spedito",
        TO: "A|Destinatario|Per",
        CC: "Cc|Copia|Copia per conoscenza|Per conoscenza",
        SUBJECT: "Oggetto",
        REPLY_TO: "Rispondi a|Rispondi-a",
    },
    "nl": {
        FROM: "Van|Afzender",
        DATE: "Datum|Verzonden|Verzonden op|Verstuurd|Verzonden om",
        TO: "Aan|Ontvanger|Naar",
        CC: "Cc|CC|Kopie",
        SUBJECT: "Onderwerp|Betreft",
        REPLY_TO: "Antwoord aan|Antwoorden aan",
    },
    "da": {
        FROM: "Fra|Afsender",
        DATE: "Dato|Sendt|Sendt den|Afsendt|Dato og tid",
        TO: "Til|Modtager",
        CC: "Cc|Kopi|Kopi til",
        SUBJECT: "Emne",
        REPLY_TO: "Svar til|Svar-til|Svar-Til",
    },
    "no": {
        FROM: "Fra|Avsender|Frå",
        DATE: "Dato|Sendt|Sendt dato",
        TO: "Til|Mottaker",
        CC: "Kopi|Kopi til",
        SUBJECT: "Emne",
        REPLY_TO: "Svar til|Svar-til",
    },
    "sv": {
        FROM: "Från|Avsändare",
        DATE: "Datum|Skickat|Skickat den|Skickades",
        TO: "Till|Mottagare",
        CC: "Kopia|Kopia till",
        SUBJECT: "Ämne|Ärende|Rubrik",
        REPLY_TO: "Svara till|Svar till",
    },
    "fi": {
        FROM: "Lähettäjä",
        DATE: "Lähetetty|Päiväys|Päivämäärä|Pvm|Aika",
        TO: "Vastaanottaja|Vastaanottajat|Kenelle|Saaja",
        CC: "Kopio|Kk",
        SUBJECT: "Aihe|Otsikko",
        REPLY_TO: "Vastaus|Vastausosoite|Vastaa|Vastaus osoitteeseen",
    },
    "is": {FROM: "Frá", DATE: "Dagsetning|Sent", TO: "Til|Viðtakandi", CC: "Afrit", SUBJECT: "Efni", REPLY_TO: "Svara"},
    "pl": {
        FROM: "Od|Nadawca",
        DATE: "Data|Wysłano|Wysłane|Wysłany|Wysłana|Data wysłania|Data nadania",
        TO: "Do|Adresat|Odbiorca",
        CC: "DW|Kopia|UDW|Do wiadomości",
        SUBJECT: "Temat",
        REPLY_TO: "Odpowiedz do|Odpowiedź do",
    },
    "cs": {
        FROM: "Od|Odesílatel|Odesilatel",
        DATE: "Datum|Odesláno|Posláno|Odeslané|Datum odeslání",
        TO: "Komu|Příjemce|Pro|Adresát",
        CC: "Kopie",
        SUBJECT: "Předmět|Věc|Subjekt",
        REPLY_TO: "Odpovědět komu|Odpověď na|Odpovědět",
    },
    "sk": {
        FROM: "Od|Odosielateľ",
        DATE: "Dátum|Odoslané|Dátum odoslania|Poslané|Odoslaná",
        TO: "Komu|Príjemca|Pre",
        CC: "Kópia",
        SUBJECT: "Predmet|Vec",
        REPLY_TO: "Odpovedať|Odpoveď pre|Odpovedať komu",
    },
    "sl": {
        FROM: "Od|Pošiljatelj",
        DATE: "Datum|Poslano|Poslana|Datum pošiljanja",
        TO: "Za|Prejemnik",
        CC: "Kp|Kopija",
        SUBJECT: "Zadeva",
        REPLY_TO: "Odgovor na|Odgovori",
    },
    "hr": {
        FROM: "Šalje|Pošiljatelj|Od|Pošiljalac",
        DATE: "Datum|Poslano|Poslato|Datum slanja",
        TO: "Prima|Za|Primatelj|Kome",
        CC: "Kopija|Kopija za",
        SUBJECT: "Naslov|Predmet|Tema",
        REPLY_TO: "Odgovori na|Odgovor na|Odgovori",
    },
    "hu": {
        FROM: "Feladó|Küldő",
        DATE: "Dátum|Elküldve|Küldve|Küldés dátuma|Küldés ideje|Időpont",
        TO: "Címzett|Címzettek",
        CC: "Másolat|Másolatot kap|Másolatot kapja",
        SUBJECT: "Tárgy",
        REPLY_TO: "Válasz|Válaszcím|Válasz ide",
    },
    "ro": {
        FROM: "De la|Expeditor|Expeditorul",
        DATE: "Dată|Data|Trimis|Trimis la|Trimisă|Data trimiterii",
        TO: "Către|Catre|Pentru|Destinatar|Destinatarul|La",
        CC: "Cc|Copie",
        SUBJECT: "Subiect|Subiectul",
        REPLY_TO: "Răspuns către|Răspunde la|Răspundeți la",
    },
    "et": {
        FROM: "Saatja|Kellelt",
        DATE: "Kuupäev|Saadetud|Saatmisaeg",
        TO: "Saaja|Kellele|Adressaat",
        CC: "Koopia",
        SUBJECT: "Teema|Pealkiri",
        REPLY_TO: "Vastus|Vasta",
    },
    "lv": {
        FROM: "No|Sūtītājs|No kā",
        DATE: "Datums|Nosūtīts|Sūtīts",
        TO: "Kam|Saņēmējs|Adresāts",
        CC: "Kopija",
        SUBJECT: "Temats|Tēma",
    },
    "lt": {
        FROM: "Nuo|Siuntėjas",
        DATE: "Data|Išsiųsta|Siųsta|Išsiuntimo data",
        TO: "Kam|Gavėjas|Iki",
        CC: "Kopija",
        SUBJECT: "Tema",
    },
    "tr": {
        FROM: "Kimden|Gönderen",
        DATE: "Tarih|Gönderme Tarihi|Gönderme tarihi|Gönderilme Tarihi|Gönderildi|Gönderilen|Gönderim Tarihi",
        TO: "Kime|Alıcı|Kim",
        CC: "Bilgi|Kopya|Kk",
        SUBJECT: "Konu",
        REPLY_TO: "Yanıt|Yanıtla|Yanıt adresi|Yanıt Adresi",
    },
    "ru": {
        FROM: "От|От кого|Отправитель",
        DATE: "Дата|Отправлено|Дата отправки|Когда|Дата и время",
        TO: "Кому|Получатель",
        CC: "Копия|Копии",
        SUBJECT: "Тема|Тема письма",
        REPLY_TO: "Ответить|Ответить кому|Кому ответить|Обратный адрес",
    },
    "uk": {
        FROM: "Від|Від кого|Відправник",
        DATE: "Дата|Надіслано|Відправлено|Дата відправлення",
        TO: "Кому|Одержувач|Отримувач",
        CC: "Копія",
        SUBJECT: "Тема",
        REPLY_TO: "Відповісти|Відповідь|Кому відповісти",
    },
    "bg": {
        FROM: "От|Подател",
        DATE: "Дата|Изпратено|Изпратен",
        TO: "До|Къ|Получател",
        CC: "Копие",
        SUBJECT: "Тема|Относно",
    },
    "el": {
        FROM: "Από|Αποστολέας",
        DATE: "Ημερομηνία|Στάλθηκε|Εστάλη|Ημερομηνία αποστολής",
        TO: "Προς|Παραλήπτης",
        CC: "Κοιν.|Κοινοποίηση",
        SUBJECT: "Θέμα",
        REPLY_TO: "Απάντηση σε",
    },
    "ja": {
        FROM: "差出人|送信者|送信元|From",
        DATE: "日時|日付|送信日時|送信日",
        TO: "宛先|宛て先|受信者",
        CC: "Cc|CC",
        SUBJECT: "件名|題名|タイトル",
        REPLY_TO: "返信先",
    },
    "zh": {
        FROM: "发件人|寄件者|寄件人|發件人|发信人",
        DATE: "日期|时间|发送时间|傳送日期|寄件日期|發送時間|已发送",
        TO: "收件人|收件者|收信人",
        CC: "抄送|副本|副本抄送",
        SUBJECT: "主题|主旨|主題",
        REPLY_TO: "回复|回覆",
    },
    "ko": {
        FROM: "보낸 사람|보낸사람|발신",
        DATE: "날짜|보낸 날짜|보낸날짜|보낸 시간|일시",
        TO: "받는 사람|받는사람|수신",
        CC: "참조",
        SUBJECT: "제목",
        REPLY_TO: "회신",
    },
    "ca": {
        FROM: "De|Remitent",
        DATE: "Data|Enviat|Enviat el",
        TO: "Per a|A|Destinatari",
        CC: "Còpia|A/c",
        SUBJECT: "Assumpte|Tema",
        REPLY_TO: "Respon a|Respon-a",
    },
    "gl": {
        FROM: "De|Remitente",
        DATE: "Data|Enviado|Enviado o",
        TO: "Para|A",
        CC: "Copia",
        SUBJECT: "Asunto",
    },
    "eu": {
        FROM: "Nork|Igorlea",
        DATE: "Data|Bidalia|Noiz",
        TO: "Nori|Hartzailea",
        CC: "Kopia",
        SUBJECT: "Gaia",
    },
    "ga": {
        FROM: "Ó",
        DATE: "Dáta|Seolta",
        TO: "Chuig",
        CC: "Cóip",
        SUBJECT: "Ábhar",
    },
    "mt": {
        FROM: "Minn|Mingħand",
        DATE: "Data|Mibgħut|Intbagħat",
        TO: "Lil",
        SUBJECT: "Suġġett",
    },
    "sq": {
        FROM: "Nga|Dërguesi",
        DATE: "Data|Dërguar|Dërguar më",
        TO: "Për|Drejtuar",
        CC: "Kopje",
        SUBJECT: "Subjekti|Tema",
    },
    "sr": {
        FROM: "Од|Шаље|Пошиљалац",
        DATE: "Датум|Послато|Датум слања",
        TO: "За|Коме|Прима|Прималац",
        CC: "Копија",
        SUBJECT: "Тема|Наслов|Предмет",
        REPLY_TO: "Одговор на",
    },
    "mk": {
        FROM: "Од|Испраќач",
        DATE: "Датум|Испратено",
        TO: "До|За|Примач",
        CC: "Копија",
        SUBJECT: "Тема|Предмет|Наслов",
    },
    "he": {
        FROM: "מאת|שולח",
        DATE: "תאריך|נשלח|נשלח בתאריך",
        TO: "אל|נמען",
        CC: "עותק|העתק",
        SUBJECT: "נושא",
        REPLY_TO: "השב אל|השב ל",
    },
    "ar": {
        FROM: "من|المرسل",
        DATE: "التاريخ|تاريخ|تم الإرسال|تاريخ الإرسال|أرسلت|أُرسلت",
        TO: "إلى|الى|المستلم",
        CC: "نسخة|نسخة إلى",
        SUBJECT: "الموضوع|موضوع",
        REPLY_TO: "الرد على|الرد إلى",
    },
    "fa": {
        FROM: "از|فرستنده",
        DATE: "تاریخ|ارسال شده|ارسال شد",
        TO: "به|گیرنده",
        CC: "رونوشت",
        SUBJECT: "موضوع",
        REPLY_TO: "پاسخ به",
    },
    "vi": {
        FROM: "Từ|Người gửi",
        DATE: "Ngày|Đã gửi|Ngày gửi|Vào ngày",
        TO: "Đến|Tới|Người nhận",
        CC: "Bản sao",
        SUBJECT: "Chủ đề|Tiêu đề",
        REPLY_TO: "Trả lời cho",
    },
    "th": {
        FROM: "จาก|ผู้ส่ง",
        DATE: "วันที่|ส่ง|ส่งเมื่อ",
        TO: "ถึง|ผู้รับ",
        CC: "สำเนา|สำเนาถึง",
        SUBJECT: "เรื่อง|หัวเรื่อง",
        REPLY_TO: "ตอบกลับไปที่",
    },
    "id": {
        FROM: "Dari|Pengirim",
        DATE: "Tanggal|Dikirim|Terkirim",
        TO: "Kepada|Ke|Untuk|Penerima",
        CC: "Tembusan|Salinan",
        SUBJECT: "Subjek|Perihal|Judul",
        REPLY_TO: "Balas ke",
    },
    "hi": {
        FROM: "से|प्रेषक",
        DATE: "दिनांक|भेजा गया|तारीख",
        TO: "प्रति|को|प्राप्तकर्ता",
        CC: "प्रतिलिपि",
        SUBJECT: "विषय",
    },
}

LABELS: dict[str, str] = {}
# As written, for lines in which nothing but the capital letter tells a label from the word before it.
ORIGINAL_CASE: tuple[str, ...] = tuple(
    dict.fromkeys(word for words in WORDS.values() for named in words.values() for word in named.split("|"))
)
SUBJECT_CASE: tuple[str, ...] = tuple(
    dict.fromkeys(word for words in WORDS.values() for word in words[SUBJECT].split("|"))
)
for _words in WORDS.values():
    for _kind, _named in _words.items():
        for _word in _named.split("|"):
            # A word that two languages use for two things ("Data", "Tema") keeps what the first one means by it.
            LABELS.setdefault(_word.lower(), _kind)
# In which languages a word labels the writer.
WRITERS: dict[str, list[str]] = {}
for _language, _words in WORDS.items():
    for _word in _words[FROM].split("|"):
        WRITERS.setdefault(_word.lower(), []).append(_language)
# The Turkish capital İ becomes two characters in lower case.
LABELS |= {word.replace("i̇", "i"): kind for word, kind in list(LABELS.items())}
