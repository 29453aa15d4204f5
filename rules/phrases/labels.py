"""How mail programs label the headers of a mail that they quote or forward, by language."""

FROM, DATE, TO, CC, SUBJECT, REPLY_TO = "from", "date", "to", "cc", "subject", "reply-to"

_WORDS: dict[str, str] = {
    FROM: (
        "From|Von|De|Da|Fra|Från|Van|Od|Ze|От|От кого|Від|Від кого|发件人|寄件者|寄件人|差出人|送信者"
        "|보낸 사람|보낸사람|Kimden|Gönderen|Lähettäjä|Frá|Feladó|De la|Expéditeur|Remitente|Mittente"
        "|Afzender|Avsender|Afsender|Avsändare|Absender|Nadawca|Odesílatel|Odosielateľ|Отправитель"
        "|Αποστολέας|Από|Saatja|Pošiljatelj|Remetente|Kellelt|No|Nuo|Sender"
    ),
    DATE: (
        "Date|Datum|Sent|Sent On|Gesendet|Gesendet am|Envoyé|Envoyé le|Enviado|Enviado el|Enviado em"
        "|Enviada em|Inviato|Data|Fecha|Dato|Sendt|Skickat|Verzonden|Verzonden op|Wysłano|Wysłane"
        "|Odesláno|Odoslané|Poslano|Дата|Отправлено|Надіслано|日期|时间|发送时间|傳送日期|寄件日期"
        "|送信日時|日時|日付|날짜|보낸 날짜|보낸날짜|Tarih|Gönderme Tarihi|Gönderilme Tarihi"
        "|Gönderildi|Lähetetty|Päiväys|Päivämäärä|Pvm|Elküldve|Küldve|Dátum|Trimis|Dată|Dagsetning"
        "|Kuupäev|Dátum odoslania|Ημερομηνία|Date et heure|Sended"
    ),
    TO: (
        "To|An|À|A|Para|Till|Til|Aan|Do|Komu|Pro|Кому|Къ|收件人|收件者|宛先|받는 사람|받는사람|Kime"
        "|Alıcı|Vastaanottaja|Címzett|Către|Catre|Za|Prima|Destinataire|Destinatario|Destinatário"
        "|Empfänger|Mottagare|Modtager|Ontvanger|Adresat|Příjemce|Príjemca|Kellele|Προς|Viðtakandi"
        "|Vers|Pentru"
    ),
    CC: ("Cc|CC|Kopie|Kopie an|Kopia|Kopi|Copie|Copie à|Копия|Копія|抄送|副本|Másolat|Kopio|DW|Bilgi|Kk|참조|Kópia"),
    SUBJECT: (
        "Subject|Betreff|Objet|Asunto|Oggetto|Assunto|Emne|Ämne|Onderwerp|Temat|Předmět|Predmet|Тема"
        "|主题|主旨|主題|件名|제목|Konu|Aihe|Tárgy|Subiect|Naslov|Efni|Teema|Θέμα|Sujet|Titre|Ärende"
    ),
    REPLY_TO: (
        "Reply-To|Reply To|Antwort an|Antwortadresse|Répondre à|Responder a|Responder Para|Rispondi a"
        "|Antwoord aan|Svar til|Svara till|Odpowiedz do|Odpovědět komu|Odpověď na|Odpovedať|回复"
        "|返信先|Yanıt|Vastaus|Válasz|Відповісти|Ответить|Vastausosoite|Svar-till|Svar-Til|Répondre-à"
        "|Responder-Para|Vastaa"
    ),
}

ORIGINAL_CASE: tuple[str, ...] = tuple(word for words in _WORDS.values() for word in words.split("|"))
LABELS: dict[str, str] = {word.lower(): kind for kind, words in _WORDS.items() for word in words.split("|")}
