"""The language vote."""

import pytest

from rules.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sehr geehrte Damen und Herren, bitte senden Sie uns die Rechnung noch einmal zu.", "de"),
        ("Dear Sir or Madam, please send us the invoice once more.", "en"),
        ("Bonjour, pouvez-vous nous envoyer la facture avec les documents ? Merci", "fr"),
        ("Hej, kan du skicka fakturan till oss? Tack, och hälsningar", "sv"),
        ("Hej, kan du sende mig fakturaen? Tak, det var ikke med i pakken, hvad gør jeg?", "da"),
        ("Hei, kan du sende meg fakturaen? Takk, hva gjør jeg med dette, hvordan går det med deg?", "no"),
        ("Hei, voisitko lähettää laskun? Kiitos, terveisin Matti ja myös tilaus on vielä auki", "fi"),
        ("Buenos días, por favor envíe la factura. Muchas gracias, saludos", "es"),
        ("Buongiorno, potete inviare la fattura? Grazie, saluti, non è con la merce", "it"),
        ("Olá, você não enviou a fatura, obrigado, mas como é para pagar?", "pt"),
        ("Tisztelt Hölgyem, kérem küldje el a számlát, köszönöm, mert még nem jött meg", "hu"),
        ("Bună ziua, vă rog să trimiteți factura, mulțumesc, nu este în colet", "ro"),
        ("Dobrý deň, prosím pošlite mi faktúru, ďakujem, som rád, že ste ešte tu", "sk"),
        ("Dobrý den, prosím pošlete mi fakturu, děkuji, jsem rád, že jste ještě tu", "cs"),
        ("Poštovani, molim vas pošaljite račun, hvala, nije bio u paketu, možete li", "hr"),
        ("Здравствуйте, пожалуйста, пришлите счёт. Спасибо, я не получил его", "ru"),
        ("Доброго дня, будь ласка, надішліть рахунок. Дякую, я його не отримав", "uk"),
        ("Merhaba, lütfen faturayı bir daha gönderin, teşekkürler, bu çok önemli", "tr"),
        ("請求書をもう一度送ってください。よろしくお願いします。", "ja"),
        ("请再发送一次发票，谢谢。", "zh"),
        ("송장을 다시 보내 주세요. 감사합니다.", "ko"),
        ("Παρακαλώ στείλτε ξανά το τιμολόγιο. Ευχαριστώ", "el"),
        ("OK", None),
        ("", None),
        ("4711 / 0815", None),
    ],
)
def test_common_words_decide(text: str, language: str | None) -> None:
    assert language_of(text) == language
