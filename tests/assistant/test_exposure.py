"""Pages in clear leave this machine only through a proxy that somebody has named."""

from pathlib import Path

import pytest

from assistant.service import check_exposure
from assistant.settings import Settings, WebSettings
from rules.terms.errors import WrongUse


@pytest.mark.parametrize(
    ("bind", "more", "refused"),
    [
        ("127.0.0.1:8470", {}, False),
        ("127.8.8.8:8470", {}, False),
        ("localhost:8470", {}, False),
        ("[::1]:8470", {}, False),
        ("0.0.0.0:8470", {}, True),
        ("[::]:8470", {}, True),
        ("192.0.2.10:8470", {}, True),
        ("kingpost.muster.example:8470", {}, True),
        ("0.0.0.0:8470", {"tls_cert": "cert.pem", "tls_key": "key.pem"}, False),
        ("0.0.0.0:8470", {"trusted_proxies": ("192.0.2.1",)}, False),
        # An address that people use says nothing of how they come.
        ("0.0.0.0:8470", {"base_url": "https://kingpost.muster.example"}, True),
    ],
)
def test_plain_http_off_this_machine_is_refused(bind: str, more: dict[str, object], refused: bool) -> None:
    settings = Settings(web=WebSettings(bind=bind, **more), home=Path())
    if not refused:
        check_exposure(settings)
        return
    with pytest.raises(WrongUse, match="in clear") as raised:
        check_exposure(settings)
    assert "trusted_proxies" in raised.value.text("de")
