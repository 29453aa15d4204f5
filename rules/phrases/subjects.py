"""Words that every other subject has: two mails that share no others need not speak of the same thing."""

COMMON: dict[str, str] = {
    "de": """
        anfrage anfragen anfrageformular angebot angebote angebotsanfrage anhang anliegen anruf antrag antwort auftrag
        auftragsbestätigung bestellung bestellungen bestellbestätigung bestätigung besuch bewerbung bitte brief danke
        dank dokument dokumente dringend eilt ergänzung erinnerung feedback formular frage fragen gespräch grüße guten
        hallo hilfe info infos information informationen kontakt kontaktanfrage kontaktformular kopie kündigung
        lieferschein liefertermin lieferung liebe mahnung mail mitteilung monat moin morgen nachfrage nachricht nachtrag
        newsletter post preis preise preisanfrage preisliste problem protokoll rechnung rechnungen reklamation rückfrage
        rückmeldung rückruf rückrufbitte schreiben service status support tag telefonat termin terminanfrage
        terminbestätigung unterlagen update urlaub vertrag vielen website webseite wichtig wichtige zahlung
        zahlungserinnerung zusage
        der die das den dem des ein eine einen einem einer und oder mit ohne für von vom zum zur bei aus auf über unter
        nach vor wegen bzgl betreff betr ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer mein meine
        meinen meinem meiner dein deine sie wir ich ist sind wird neue neuer neues neuen nochmals noch heute gestern
        januar februar märz april mai juni juli august september oktober november dezember
        montag dienstag mittwoch donnerstag freitag samstag sonntag""",
    "en": """
        account application appointment attached attachment booking call cancellation complaint confirmation contact
        contract copy document documents delivery enquiry feedback follow form forms good hello help hey important
        info information inquiry invoice invoices issue issues letter mail meeting message minutes morning newsletter
        note offer order orders payment please price prices pricing problem proposal query question questions quick
        quotation quote receipt regards reminder reply report request response schedule service status support
        thank thanks ticket update updates urgent visit website your yours our ours
        the and for from with without about this that new today tomorrow yesterday regarding subject you
        january february march june july october december
        monday tuesday wednesday thursday friday saturday sunday""",
}
