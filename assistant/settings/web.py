"""Pages, API, and the panes in Outlook and Gmail."""

from pydantic import Field

from assistant.settings.section import Bind, Lower, Origin, Section


class WebSettings(Section):
    """[web]: pages and API."""

    bind: Bind = Field("127.0.0.1:8470", description="Address and port to listen on.")
    base_url: str = Field("", description="The address people use, if it is not http://BIND.")
    tls_cert: str | None = Field(None, description="Certificate file (PEM).")
    tls_key: str | None = Field(None, description="Key file (PEM).")
    trusted_proxies: tuple[str, ...] = Field((), description="Reverse proxies whose X-Forwarded-… is believed.")
    embed_origins: tuple[str, ...] = Field((), description="Origins that may frame the sidebar.")
    session_hours: int = Field(12, ge=1, le=720, description="A login ends after so many hours without use.")


class OutlookSettings(Section):
    """[outlook]: the add-in for Outlook. Its pane loads a script of Microsoft's when it is opened, and that script can
    read what the pane shows; therefore it is off until you switch it on. See docs/clients-cloud.md.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    enabled: bool = Field(False, description="Whether Kingpost serves the pane.")
    hosts: tuple[Origin, ...] = Field(
        (
            "https://outlook.office.com",
            "https://outlook.office365.com",
            "https://outlook.cloud.microsoft",
            "https://outlook.live.com",
        ),
        description="Origins of Outlook in the browser that may frame the pane; your own for an Exchange of your own.",
    )
    token_hours: int = Field(12, ge=1, le=168, description="People sign in to the pane again after so many hours.")


class GmailSettings(Section):
    """[gmail]: the add-on for Gmail. Off until both options are set. Google then sees the cards that Kingpost answers
    with. See docs/clients-cloud.md.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    client_id: str = Field("", description="The OAuth client id of your add-on’s Google Cloud project.")
    service_account: Lower = Field("", description="The mail address as which Google calls your add-on.")

    @property
    def enabled(self) -> bool:
        """Whether Kingpost answers Google."""
        return bool(self.client_id and self.service_account)
