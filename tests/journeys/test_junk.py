"""A customer whose mail lies in Junk, with a real server: shown, never filed, and taken in once it is moved."""

from pathlib import Path

import pytest

from tests.journeys import mails
from tests.journeys.running import Home, Visitor, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot

CUSTOMERS = "customer_id;name;email\nC1;Hansen Metallbau;karin@hansen.example\n"


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_customer_in_junk_is_shown_until_the_mail_is_moved(
    home: Home, dovecot: Dovecot, user: str, tmp_path: Path
) -> None:
    keep_password(home, user)
    home.write(mailbox_table(dovecot, user, "junk = true"))
    home.make()
    (tmp_path / "kunden.csv").write_text(CUSTOMERS)
    assert home.kingpost("import", "customers", tmp_path / "kunden.csv").code == 0
    dovecot.append(user, "Junk", mails.plain("verirrt"))
    dovecot.append(user, "Junk", mails.plain("gewinn", sender="win@prize.example"))
    with home.running() as service, Visitor(home) as visitor:
        service.until(lambda: "Ihr Kunde liegt im Spam" in visitor.page("/"), "the customer is shown")
        page = visitor.page("/")
        assert "Hansen Metallbau" in page
        assert f"eine Mail im Spam-Ordner von {user}" in page
        assert "verirrt" not in page + visitor.page("/customers/C1")
        assert home.kingpost("mailbox", "audit", user).code == 0
        with dovecot.client(user) as client:
            client.select("Junk")
            client.uid("MOVE", "1", "INBOX")
        service.until(lambda: "Ihr Kunde liegt im Spam" not in visitor.page("/"), "it is not shown any more")
        service.until(lambda: "verirrt" in visitor.page("/customers/C1"), "the mail is taken in")
        assert service.stop() == 0
