"""Two processes with pages behind a proxy that asks now one, now the other: whoever is asked knows what was begun."""

import pytest

from assistant.duties import Duty
from tests.journeys.running import Home, Visitor
from tests.servers.dovecot import Dovecot, free_ports
from tests.servers.postgres import Postgres


@pytest.mark.dovecot
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_a_set_up_and_a_pairing_go_on_in_the_other_process_and_after_a_restart(
    home: Home, dovecot: Dovecot, postgres_server: Postgres, user: str
) -> None:
    with postgres_server.database() as url:
        home.pool_url = url
        home.write()
        home.make()
        (port,) = free_ports(1)
        second = home.running(only=Duty.WEB.value, name="second", port=port)
        with home.running(only=Duty.WEB.value, name="first") as first, second as other, Visitor(home) as browser:
            token = browser.page("/setup/mailbox").split('name="_csrf_token" value="')[1].split('"')[0]

            def post(base: str, path: str, **data: str) -> str:
                """Where a form leads to."""
                answer = browser.post(base + path, data={"_csrf_token": token, **data})
                assert answer.status_code == 303, answer.text
                return answer.headers["location"]

            # The mailbox: begun here, tried there.
            step = post(first.base, "/setup/mailbox", address=f"{user}@muster.example")
            assert browser.get(other.base + step).status_code == 200
            server = {"host": dovecot.host, "port": str(dovecot.tls_port), "tls": "tls", "user": user}
            step = post(other.base, step, password=dovecot.password, ca_file=str(dovecot.ca_file), **server)
            # A mail program: its code is asked for there, confirmed here, its token fetched there.
            begun = browser.post(other.base + "/api/v1/pairings", json={"client": "Thunderbird"}).json()
            assert "Thunderbird" in browser.get(first.base + begun["page"]).text
            post(first.base, "/pair", code=begun["code"])
            # The one that began is gone before it ends.
            assert first.stop() == 0
            assert "INBOX" in browser.get(other.base + step).text
            step = post(other.base, step, name="buero", whose="shared", **{"folder.0": "1"})
            with home.running(only=Duty.WEB.value, name="third") as again:
                fetched = browser.post(again.base + "/api/v1/pairings/token", json={"secret": begun["secret"]})
                assert fetched.json()["state"] == "paired"
                twice = browser.post(other.base + "/api/v1/pairings/token", json={"secret": begun["secret"]})
                assert twice.status_code == 404
                assert post(again.base, step, domains="muster.example") == "/setup/done"
                # And it is finished once.
                again_asked = browser.post(other.base + step, data={"_csrf_token": token, "domains": "muster.example"})
                assert again_asked.status_code == browser.get(other.base + step).status_code != 200
        with home.pool() as pool, pool.read() as work:
            box = work.mailboxes.get("buero")
            assert box is not None
            assert box.user == user
