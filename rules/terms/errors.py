"""Everything that can go wrong in a way a person can mend.

    KingpostError
    ├── WrongUse                the call's words are off (exit code 2)
    │   ├── UnknownName, MailboxPersonal, PasswordUnfit
    │   └── SettingsError
    ├── SettingsUnwritable, DraftGone
    ├── NotFound, Misdirected, TooMany, RowsRefused   answers of the pages and the API
    ├── NotLoggedIn
    │   └── LoginFailed, OldPasswordWrong, CodeWrong, SetUpAlready
    ├── Forbidden
    │   └── FormExpired
    ├── ImportRefused           a table that cannot be read at all
    │   └── TableRefused
    ├── MailRefused             a mail over a limit; it goes to quarantine
    ├── PoolError
    │   ├── PoolMissing, PoolOutdated, PoolTooNew, PoolNotEmpty
    │   ├── PoolInUse, PoolBusy
    │   ├── PoolFull
    │   ├── PoolUnreachable
    │   ├── DumpUnreadable, BackupUnwritable
    │   └── KeyUnfit, ErasuresUnfit
    └── ConnectorError
        ├── ServerUnreachable, PlainRefused, StarttlsMissing
        ├── CertificateRefused
        │   ├── CertificateForAnother, CertificateNotOfToday
        │   └── CertificateSelfSigned, CertificateOfStranger
        ├── LoginRefused, PasswordMissing
        │   └── TokenRefused, SignInMissing, SignInEnded, ApplicationRefused
        ├── GrantRefused, SignInFailed
        ├── FolderMissing
        ├── ServerMisbehaved, ServerDeclined, ConnectionEnded
        ├── DeadlinePassed
        ├── SendingDeferred, SendingRefused, SendingUncertain    on the way of mail that goes out
        ├── FileUnreadable, MailTooLarge          on the way of mail that comes by file
        └── AddressInUse, AddressRefused

Each class carries its sentence in English and German; the sentence says what to do. Details are handed in by
name: `LoginRefused(user="info", host="mail.example.org")`. Driver errors are translated once, at the border of
storage or connectors; programming errors pass.
"""

from http import HTTPStatus
from typing import ClassVar


class KingpostError(Exception):
    """Something a person can mend; the root of all errors of this kind."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    exit_code: ClassVar[int] = 1
    en: ClassVar[str] = "Something went wrong."
    de: ClassVar[str] = "Etwas ist schiefgegangen."

    def __init__(self, **details: object) -> None:
        """Keep the details that the sentences name."""
        super().__init__()
        self.details = details

    def __str__(self) -> str:
        """The sentence in English."""
        return self.text("en")

    def __reduce__(self) -> tuple[object, ...]:
        """Errors travel between processes."""
        return _rebuild, (type(self), self.details)

    def text(self, language: str) -> str:
        """The sentence for a reader of `language` ("de", else English)."""
        return (self.de if language == "de" else self.en).format(**self.details)


def _rebuild(kind: type[KingpostError], details: dict[str, object]) -> KingpostError:
    return kind(**details)


class WrongUse(KingpostError):
    """The call's words are off. `problem` is the sentence, `problem_de` the same in German."""

    status = HTTPStatus.BAD_REQUEST
    exit_code = 2
    en = "{problem}"
    de = "{problem_de}"

    def __init__(self, **details: object) -> None:
        """A sentence that comes from elsewhere (a library's) is the same in both languages."""
        if "problem" in details:
            details.setdefault("problem_de", details["problem"])
        super().__init__(**details)


GERMAN = {
    "mailbox": "Ein Postfach",
    "provider": "Einen Anbieter",
    "customer": "Einen Kunden",
    "contact": "Einen Ansprechpartner",
    "login": "Die Anmeldung",
    "team": "Ein Team",
    "mail in quarantine": "Die Mail in Quarantäne",
    "import": "Die Tabelle",
    "token": "Das Token",
    "address": "Eine gelernte Adresse",
    "number": "Einen Beleg",
    "entry": "Einen Eintrag",
    "target group": "Eine Zielgruppe",
}


class UnknownName(WrongUse):
    """A mailbox, customer, staff member … of that name does not exist."""

    status = HTTPStatus.NOT_FOUND
    en = "There is no {what} “{name}”. {hint}"
    de = "{what_de} „{name}“ gibt es nicht. {hint_de}"

    def __init__(self, **details: object) -> None:
        """`what` is one of GERMAN, `name` what was asked for, `hint` and `hint_de` what to do."""
        details.setdefault("what_de", GERMAN[str(details["what"])])
        details.setdefault("hint", "")
        details.setdefault("hint_de", details["hint"])
        super().__init__(**details)

    def text(self, language: str) -> str:
        """The sentence, without a blank where there is no hint."""
        return super().text(language).rstrip()


class MailboxPersonal(WrongUse):
    """A mailbox is, or was until it was removed, somebody's own, and would become somebody else's or everybody's."""

    en = "“{mailbox}” is the personal mailbox of {owner}, and its mail stays theirs. Name {owner} as its owner (--owner, or owner in kingpost.toml) or choose another name; “kingpost mailbox share {mailbox}” opens all of it to everybody."
    de = "„{mailbox}“ ist das persönliche Postfach von {owner}, und seine Mails bleiben es. Nennen Sie {owner} als Besitzer (--owner oder owner in kingpost.toml) oder wählen Sie einen anderen Namen; „kingpost mailbox share {mailbox}“ öffnet es ganz für alle."


class PasswordUnfit(WrongUse):
    """A password that would be guessed, or is no password at all."""

    en = "A password needs at least {shortest} characters, and at most {longest}."
    de = "Ein Passwort braucht mindestens {shortest} und höchstens {longest} Zeichen."


class SettingsError(WrongUse):
    """kingpost.toml or the environment holds something that cannot be meant."""

    en = "{file}: {problem}"
    de = "{file}: {problem_de}"


class SettingsUnwritable(KingpostError):
    """kingpost.toml is to be changed by the program, but must not be."""

    en = "{file} cannot be written ({reason}), so nothing was changed. Give the user that Kingpost runs as the right to write the file and its folder, or edit it yourself."
    de = "{file} lässt sich nicht schreiben ({reason}); es wurde nichts geändert. Geben Sie dem Benutzer, unter dem Kingpost läuft, Schreibrecht auf die Datei und ihren Ordner, oder ändern Sie sie von Hand."


class NotFound(KingpostError):
    """Nothing lies at that address, or nothing the asker may see."""

    status = HTTPStatus.NOT_FOUND
    en = "There is nothing here. It may have been removed, or it is not yours to see."
    de = "Hier ist nichts. Es wurde entfernt oder ist nicht für Sie bestimmt."


class NotLoggedIn(KingpostError):
    """A session or token is needed."""

    status = HTTPStatus.UNAUTHORIZED
    en = "Please log in, or send a valid token."
    de = "Bitte melden Sie sich an oder senden Sie ein gültiges Token."


class LoginFailed(NotLoggedIn):
    """Login and password do not belong together."""

    en = "Login or password is not right. Please try again."
    de = "Benutzername oder Passwort stimmt nicht. Bitte versuchen Sie es noch einmal."


class CodeWrong(NotLoggedIn):
    """Not the code that the console shows at the first start."""

    en = "That is not the code. It stands on the console where Kingpost was started, and is another after each start."
    de = "Das ist nicht der Code. Er steht auf der Konsole, auf der Kingpost gestartet wurde, und ist nach jedem Start ein anderer."


class SetUpAlready(NotLoggedIn):
    """There is an administrator, so the code of the first start is worth nothing any more."""

    en = "Kingpost has been set up by somebody in the meantime. Please log in; the code is no longer needed."
    de = "Kingpost wurde inzwischen von jemandem eingerichtet. Bitte melden Sie sich an; der Code wird nicht mehr gebraucht."


class DraftGone(KingpostError):
    """A mailbox that was being set up is not remembered: too long ago, or finished by another page."""

    status = HTTPStatus.GONE
    en = "This step is no longer known: an hour has passed, or it was finished in another window. Nothing was stored from here; if the mailbox is not under “Settings” yet, please enter it once more."
    de = "Dieser Schritt ist nicht mehr bekannt: Eine Stunde ist vergangen, oder er wurde in einem anderen Fenster abgeschlossen. Von hier wurde nichts gespeichert; steht das Postfach noch nicht unter „Einstellungen“, geben Sie es bitte noch einmal ein."


class Forbidden(KingpostError):
    """The asker is known, but may not do this."""

    status = HTTPStatus.FORBIDDEN
    en = "You may not do this. Ask an administrator of Kingpost for the right."
    de = "Das dürfen Sie nicht. Bitten Sie einen Administrator von Kingpost um das Recht."


class OldPasswordWrong(NotLoggedIn):
    """Whoever wants to change a password must know it. The session itself is good."""

    status = HTTPStatus.FORBIDDEN
    en = "The password you have used so far is not right. Nothing was changed."
    de = "Das bisherige Passwort stimmt nicht. Es wurde nichts geändert."


class FormExpired(Forbidden):
    """A cookie came without the proof that our own page sent it (cross-site request forgery, or a page left open)."""

    en = "This page was open for too long, or the request did not come from Kingpost. Please reload the page and try again."
    de = "Diese Seite war zu lange offen, oder die Anfrage kam nicht von Kingpost. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."


class Misdirected(KingpostError):
    """A request for a host name that is not ours (DNS rebinding, or base_url is not set)."""

    status = HTTPStatus.MISDIRECTED_REQUEST
    en = "Kingpost does not answer under this host name. Use the configured address, or set base_url in [web]."
    de = "Unter diesem Rechnernamen antwortet Kingpost nicht. Verwenden Sie die eingestellte Adresse, oder setzen Sie base_url in [web]."


class TooMany(KingpostError):
    """A rate limit was reached."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    en = "Too many attempts. Please wait {seconds} seconds and try again."
    de = "Zu viele Versuche. Bitte warten Sie {seconds} Sekunden und versuchen Sie es dann erneut."


class RowsRefused(KingpostError):
    """Rows that a program sent cannot be taken in, so none of them was."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    en = "Nothing was taken in, because some rows cannot be: “errors” names them, counted from 0. Mend them and send all again."
    de = "Nichts wurde übernommen, weil einige Zeilen nicht gehen: „errors“ nennt sie, gezählt ab 0. Berichtigen Sie sie und senden Sie alle noch einmal."

    def __init__(self, *, problems: tuple[tuple[str, str, str], ...]) -> None:
        """`problems`: which field of which row ("3.customer"), and what is wrong in English and German."""
        super().__init__(problems=problems)
        self.problems = problems


class ImportRefused(KingpostError):
    """A table that cannot be read at all, or lacks a column without which no row makes sense."""

    status = HTTPStatus.BAD_REQUEST
    en = "{file} cannot be imported: {problem}"
    de = "{file} kann nicht eingelesen werden: {problem}"


class TableRefused(ImportRefused):
    """The same, with the problem told in both languages."""

    de = "{file} kann nicht eingelesen werden: {problem_de}"


class MailRefused(KingpostError):
    """A mail over a limit. It is kept in quarantine with this reason."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    en = "The mail was not read: {reason}. It is kept in quarantine, where it can be downloaded and retried."
    de = "Die Mail wurde nicht gelesen: {reason}. Sie liegt in der Quarantäne und kann dort geladen und erneut gelesen werden."


class PoolError(KingpostError):
    """The pool cannot be used."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class PoolMissing(PoolError):
    """There is no pool yet."""

    en = "There is no pool at {url}. Run “kingpost init” first."
    de = "Unter {url} gibt es noch keinen Datenpool. Führen Sie zuerst „kingpost init“ aus."


class PoolOutdated(PoolError):
    """The pool was made by an older Kingpost."""

    en = "The pool at {url} was made by an older Kingpost. Run “kingpost upgrade”."
    de = "Der Datenpool unter {url} stammt von einem älteren Kingpost. Führen Sie „kingpost upgrade“ aus."


class PoolTooNew(PoolError):
    """The pool was made by a newer Kingpost."""

    en = "The pool at {url} was made by a newer Kingpost. Install that version; this one would damage it."
    de = "Der Datenpool unter {url} stammt von einem neueren Kingpost. Installieren Sie diese Version; die vorliegende würde ihn beschädigen."


class PoolNotEmpty(PoolError):
    """Something is to be restored where a pool is already."""

    en = "There is a pool at {url} already. Restore into another place (KINGPOST_POOL__URL), or move that one away first."
    de = "Unter {url} gibt es schon einen Datenpool. Stellen Sie an einem anderen Ort wieder her (KINGPOST_POOL__URL), oder räumen Sie jenen zuerst weg."


class DumpUnreadable(PoolError):
    """A backup that cannot be read as one."""

    en = (
        "This is no backup that can be restored: {problem}. Take another backup, or the Kingpost version that wrote it."
    )
    de = (
        "Das ist keine Sicherung, die sich wiederherstellen lässt: {problem_de}. Nehmen Sie eine andere Sicherung, oder die"
        " Kingpost-Version, die sie geschrieben hat."
    )


class BackupUnwritable(PoolError):
    """A backup that cannot be written where it was asked for."""

    en = "The backup cannot be written to {file}: {reason}. Name another file, or make room there."
    de = (
        "Die Sicherung lässt sich nicht nach {file} schreiben: {reason}. Nennen Sie eine andere Datei, oder schaffen Sie"
        " dort Platz."
    )


class PoolInUse(PoolError):
    """A second service was started on one SQLite pool."""

    en = "Another Kingpost service (process {pid}) already runs on {url}. Stop it first, or give this one a pool of its own."
    de = "Auf {url} läuft schon ein Kingpost-Dienst (Prozess {pid}). Beenden Sie ihn zuerst, oder geben Sie diesem einen eigenen Datenpool."


class PoolBusy(PoolError):
    """Somebody else held the pool's write lock for too long."""

    en = "The pool at {url} is being written by another program. Try again when it has finished."
    de = "In den Datenpool unter {url} schreibt gerade ein anderes Programm. Versuchen Sie es erneut, wenn es fertig ist."


class PoolFull(PoolError):
    """No room on the disk, or in the database."""

    status = HTTPStatus.INSUFFICIENT_STORAGE
    en = "No room left for the pool at {url}: {reason}. Nothing is lost: free some space, and Kingpost goes on where it stopped."
    de = "Kein Platz mehr für den Datenpool unter {url}: {reason}. Nichts ist verloren: Schaffen Sie Platz, dann macht Kingpost weiter, wo es aufgehört hat."


class PoolUnreachable(PoolError):
    """The database or the blob store does not answer."""

    en = "The pool at {url} cannot be reached: {reason}. Check [pool] in kingpost.toml and whether the database runs."
    de = "Der Datenpool unter {url} ist nicht erreichbar: {reason}. Prüfen Sie [pool] in kingpost.toml und ob die Datenbank läuft."


class KeyUnfit(PoolError):
    """The vault's key is not the one that the stored secrets were sealed with."""

    en = (
        "The key in {source} does not open the passwords stored in the pool. Put the key back that belongs to it "
        "(it is in the backup), or enter the passwords of the mailboxes again."
    )
    de = (
        "Der Schlüssel in {source} öffnet die im Datenpool gespeicherten Passwörter nicht. Legen Sie den zugehörigen "
        "Schlüssel zurück (er liegt in der Sicherung), oder geben Sie die Passwörter der Postfächer neu ein."
    )


class ErasuresUnfit(PoolError):
    """The list of erasures was made with another key, so nobody can tell whom it means."""

    en = (
        "The list {file} was made with another key than the pool's, so nobody can tell who was erased. The restored "
        "pool still holds them. Put the key back that belongs to the list (secrets.key, or KINGPOST_KEY), remove the "
        "restored pool and restore again."
    )
    de = (
        "Die Liste {file} wurde mit einem anderen Schlüssel erstellt als dem des Datenpools; es ist nicht zu erkennen, "
        "wer gelöscht wurde. Im wiederhergestellten Datenpool stehen diese Personen noch. Legen Sie den Schlüssel der "
        "Liste zurück (secrets.key oder KINGPOST_KEY), entfernen Sie den Datenpool und stellen Sie noch einmal her."
    )


class ConnectorError(KingpostError):
    """Something outside did not do what it should."""

    status = HTTPStatus.BAD_GATEWAY


class ServerUnreachable(ConnectorError):
    """No connection to the mail server."""

    en = "{host}:{port} does not answer ({reason}). Check host and port, and whether a firewall is in the way."
    de = "{host}:{port} antwortet nicht ({reason}). Prüfen Sie Rechnername und Port und ob eine Firewall im Weg ist."


class CertificateRefused(ConnectorError):
    """A server's certificate cannot be trusted. The kinds below say why; `reason` is OpenSSL's."""

    en = (
        "The certificate of {host}:{port} cannot be trusted ({reason}). If your own certificate authority has "
        "signed it, name the authority's file for this mailbox (ca_file); otherwise check the host name."
    )
    de = (
        "Dem Zertifikat von {host}:{port} kann nicht vertraut werden ({reason}). Hat es Ihre eigene "
        "Zertifizierungsstelle unterschrieben, nennen Sie deren Datei beim Postfach (ca_file); sonst prüfen Sie den "
        "Rechnernamen."
    )


class CertificateForAnother(CertificateRefused):
    """The certificate is made out for other names than the one that was asked for."""

    en = (
        "The certificate of {host}:{port} is made out for another name, so nobody can tell whether this is your server; "
        "nothing was sent to it. Enter the server's name as your provider writes it: often one of the provider's own "
        "(imap.provider.example), not one at your domain (mail.firm.example). [{reason}]"
    )
    de = (
        "Das Zertifikat von {host}:{port} ist auf einen anderen Namen ausgestellt; ob das wirklich Ihr Server ist, ist so "
        "nicht zu erkennen, und es wurde nichts gesendet. Tragen Sie den Rechnernamen so ein, wie Ihr Anbieter ihn nennt: "
        "oft ist es einer des Anbieters (imap.anbieter.example), nicht einer unter Ihrer Domain (mail.firma.example). "
        "[{reason}]"
    )


class CertificateNotOfToday(CertificateRefused):
    """The certificate, or one that vouches for it, has expired or is not valid yet."""

    en = (
        "The certificate of {host}:{port} is not valid today: it has expired, or begins later. Nothing was sent. Whoever "
        "runs the server has to renew it. If other programs accept it, the clock of Kingpost's machine is wrong. [{reason}]"
    )
    de = (
        "Das Zertifikat von {host}:{port} gilt heute nicht: Es ist abgelaufen oder gilt erst später. Es wurde nichts "
        "gesendet. Wer den Server betreibt, muss es erneuern. Nehmen andere Programme es an, geht die Uhr des Rechners "
        "falsch, auf dem Kingpost läuft. [{reason}]"
    )


class CertificateSelfSigned(CertificateRefused):
    """The server vouches for itself, and nobody else does."""

    en = (
        "{host}:{port} has signed its certificate itself, so nobody else vouches for it; nothing was sent. If the server is "
        "your own, save its certificate as a file on Kingpost's machine and name that file as the certificate authority "
        "(ca_file), or get it a certificate that everybody accepts. A provider's server does not do this: check the name. "
        "[{reason}]"
    )
    de = (
        "{host}:{port} hat sein Zertifikat selbst unterschrieben, sonst bürgt niemand dafür; es wurde nichts gesendet. Ist "
        "es Ihr eigener Server, speichern Sie sein Zertifikat als Datei auf dem Rechner von Kingpost und nennen Sie sie "
        "als Zertifizierungsstelle (ca_file), oder besorgen Sie ihm ein Zertifikat, das alle anerkennen. Server eines "
        "Anbieters tun so etwas nicht: Prüfen Sie dann den Namen. [{reason}]"
    )


class CertificateOfStranger(CertificateRefused):
    """Nobody whom this machine knows has signed the certificate."""

    en = (
        "The certificate of {host}:{port} was signed by an authority that this machine does not know; nothing was sent. If "
        "it is your firm's own authority, name its certificate's file (ca_file). If it is a provider's server, it may leave "
        "out part of its chain, or somebody listens in between: ask the provider. [{reason}]"
    )
    de = (
        "Das Zertifikat von {host}:{port} hat eine Zertifizierungsstelle unterschrieben, die dieser Rechner nicht kennt; es "
        "wurde nichts gesendet. Ist es die Ihrer Firma, nennen Sie die Datei mit deren Zertifikat (ca_file). Ist es der "
        "Server eines Anbieters, fehlt in dem, was er zeigt, womöglich ein Zwischenzertifikat, oder jemand hört mit: "
        "Fragen Sie den Anbieter. [{reason}]"
    )


class PlainRefused(ConnectorError):
    """A password would have gone over the wire in clear."""

    en = "The password was not sent: {host} is another machine and the connection is not encrypted. Use tls = “tls” or “starttls”."
    de = "Das Passwort wurde nicht gesendet: {host} ist ein anderer Rechner und die Verbindung unverschlüsselt. Verwenden Sie tls = „tls“ oder „starttls“."


class StarttlsMissing(ConnectorError):
    """STARTTLS was asked for, but the server does not offer it; somebody on the way may have cut it out."""

    en = "The password was not sent: {host}:{port} offers no STARTTLS. Use tls = “tls” with the port for it (mostly 993)."
    de = "Das Passwort wurde nicht gesendet: {host}:{port} bietet kein STARTTLS an. Verwenden Sie tls = „tls“ mit dem zugehörigen Port (meist 993)."


class LoginRefused(ConnectorError):
    """The mail server does not accept user and password."""

    en = "{host} refused the login of {user}. Check user name and password; some providers need IMAP switched on or an app password."
    de = "{host} hat die Anmeldung von {user} abgelehnt. Prüfen Sie Benutzername und Passwort; bei manchen Anbietern muss IMAP erst eingeschaltet oder ein App-Passwort angelegt werden."


class TokenRefused(LoginRefused):
    """The provider gave a token, but the mail server does not take it."""

    en = "{host} refused the login of {user}, although the provider gave a token for it. Most often somebody signed in with another account, IMAP is switched off for this mailbox, or the application lacks the permission for it (docs/oauth.md)."
    de = "{host} hat die Anmeldung von {user} abgelehnt, obwohl der Anbieter dafür ein Token ausgestellt hat. Meist hat sich jemand mit einem anderen Konto angemeldet, IMAP ist für dieses Postfach abgeschaltet, oder der Anwendung fehlt die Berechtigung dafür (docs/oauth.md)."


class SignInMissing(LoginRefused):
    """A mailbox is to be read by OAuth 2, and nobody has signed in yet."""

    en = "Nobody has signed in at {provider} for mailbox “{mailbox}” yet. Do it on the start page, or with “kingpost mailbox sign-in {mailbox}”."
    de = "Für das Postfach „{mailbox}“ hat sich noch niemand bei {provider} angemeldet. Tun Sie es auf der Startseite oder mit „kingpost mailbox sign-in {mailbox}“."


class SignInEnded(LoginRefused):
    """The provider gives no more tokens for a mailbox until a person signs in again."""

    en = "The sign-in at {provider} for mailbox “{mailbox}” has ended ({reason}): new mail is not read. Sign in again on the start page, or with “kingpost mailbox sign-in {mailbox}”."
    de = "Die Anmeldung bei {provider} für das Postfach „{mailbox}“ ist erloschen ({reason}): Neue Mails werden nicht gelesen. Melden Sie sich auf der Startseite neu an oder mit „kingpost mailbox sign-in {mailbox}“."


class ApplicationRefused(LoginRefused):
    """The provider does not accept the firm's registration of Kingpost."""

    en = "{provider} does not accept your registration of Kingpost ({reason}). Check client_id, the client secret (it may have run out), redirect addresses and permissions of [oauth.{provider}] (docs/oauth.md)."
    de = "{provider} akzeptiert Ihre Registrierung von Kingpost nicht ({reason}). Prüfen Sie client_id, das Client-Geheimnis (vielleicht ist es abgelaufen), Umleitungsadressen und Berechtigungen von [oauth.{provider}] (docs/oauth.md)."


class GrantRefused(ConnectorError):
    """A provider gives no token for a sign-in: it has ended, or was never finished."""

    en = "{provider} gives no access for this sign-in ({reason}). Sign in again."
    de = "{provider} gibt für diese Anmeldung keinen Zugang ({reason}). Melden Sie sich neu an."


class SignInFailed(ConnectorError):
    """What came back from a provider's page ends in nothing."""

    status = HTTPStatus.BAD_REQUEST
    en = "The sign-in was not completed ({reason}); nothing was changed. Begin again, in the same browser, within ten minutes, and agree to what the provider asks."
    de = "Die Anmeldung kam nicht zustande ({reason}); es wurde nichts geändert. Beginnen Sie neu, im selben Browser, innerhalb von zehn Minuten, und stimmen Sie dem zu, was der Anbieter fragt."


class PasswordMissing(ConnectorError):
    """The password of a mailbox is nowhere to be found."""

    en = (
        "There is no password for mailbox “{mailbox}” ({reason}). Set password_env or password_file in kingpost.toml, "
        "or store one with “kingpost mailbox password {mailbox}”."
    )
    de = (
        "Für das Postfach „{mailbox}“ fehlt das Passwort ({reason}). Setzen Sie password_env oder password_file in "
        "kingpost.toml, oder hinterlegen Sie es mit „kingpost mailbox password {mailbox}“."
    )


class FolderMissing(ConnectorError):
    """A folder that should be watched is not there."""

    en = "The folder “{folder}” does not exist in {mailbox}. Choose another with “kingpost mailbox add”, or create it on the server."
    de = "Den Ordner „{folder}“ gibt es in {mailbox} nicht. Wählen Sie mit „kingpost mailbox add“ einen anderen, oder legen Sie ihn auf dem Server an."


class ServerMisbehaved(ConnectorError):
    """The mail server's answer breaks the protocol or a bound; the connection is dropped and tried again."""

    en = "{host} gave an answer that cannot be right ({reason}). Kingpost connects again by itself."
    de = "{host} hat eine Antwort gegeben, die nicht stimmen kann ({reason}). Kingpost verbindet sich von selbst neu."


class ServerDeclined(ConnectorError):
    """The mail server understood, but would not: busy, over a limit, or not now."""

    en = "{host} declined: {operation} ({reason}). Kingpost tries again by itself."
    de = "{host} hat abgelehnt: {operation} ({reason}). Kingpost versucht es von selbst erneut."


class ConnectionEnded(ConnectorError):
    """The mail server closed the connection, or the line broke."""

    en = "{host} ended the connection ({reason}). Kingpost connects again by itself."
    de = "{host} hat die Verbindung beendet ({reason}). Kingpost verbindet sich von selbst neu."


class DeadlinePassed(ConnectorError):
    """One operation took longer than it may; the connection is dropped and tried again."""

    en = "{host} took longer than {seconds} s for {operation}. Kingpost connects again by itself."
    de = "{host} hat für {operation} länger als {seconds} s gebraucht. Kingpost verbindet sich von selbst neu."


class SendingDeferred(ConnectorError):
    """The firm's own mail server did not take a mail for now, or could not be reached."""

    en = "{host} did not take the mail ({reason}). Kingpost tries again by itself for a day."
    de = "{host} hat die Mail nicht angenommen ({reason}). Kingpost versucht es einen Tag lang von selbst erneut."


class SendingRefused(ConnectorError):
    """The firm's own mail server refused a mail for good."""

    en = "{host} refused the mail ({reason}). It was not sent."
    de = "{host} hat die Mail abgelehnt ({reason}). Sie wurde nicht gesendet."


class SendingUncertain(ConnectorError):
    """The connection broke after the mail had been handed over and before the server confirmed it."""

    en = "Nobody knows whether {host} took the mail ({reason}). It is not sent again by itself."
    de = "Es ist nicht bekannt, ob {host} die Mail angenommen hat ({reason}). Sie wird nicht von selbst noch einmal gesendet."


class AddressInUse(ConnectorError):
    """Something else listens where a page or the SMTP door should."""

    en = "{address} is taken by another program. Stop it, or set another {option} in kingpost.toml."
    de = "{address} ist von einem anderen Programm belegt. Beenden Sie es, oder setzen Sie {option} in kingpost.toml anders."


class AddressRefused(ConnectorError):
    """The system does not let us listen where a page or the SMTP door should."""

    en = "{address} cannot be listened on ({reason}). Set another {option} in kingpost.toml; ports below 1024 need the right to use them."
    de = "Auf {address} kann nicht gelauscht werden ({reason}). Setzen Sie {option} in kingpost.toml anders; Ports unter 1024 brauchen ein eigenes Recht."


class FileUnreadable(ConnectorError):
    """A file or folder that should hold mail cannot be read."""

    en = "{file} cannot be read ({reason}). Check the path and who may read it."
    de = "{file} kann nicht gelesen werden ({reason}). Prüfen Sie den Pfad und wer ihn lesen darf."


class MailTooLarge(ConnectorError):
    """A mail in a file is over the size limit; it was left where it is."""

    en = "{file} is larger than {limit} MB and was left where it is. Remove large attachments and read it again."
    de = "{file} ist größer als {limit} MB und blieb, wo sie ist. Entfernen Sie große Anhänge und lesen Sie sie erneut ein."
