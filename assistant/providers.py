"""The providers of [oauth.NAME]: their addresses, and the client secret from where the settings say."""

from dataclasses import replace

from assistant.named_secrets import named_secret
from assistant.settings import OAuthSettings, Settings
from connectors.oauth.provider import KNOWN, Endpoints, Provider
from rules.terms.errors import ApplicationRefused, PasswordMissing, UnknownName
from storage.pool import Pool
from storage.secrets import Vault


class Providers:
    """Where mailboxes can be signed in to."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        """Nothing is looked up yet."""
        self._settings = settings
        self._pool = pool
        self._vault = Vault(settings.path(settings.pool.key_file))

    def get(self, name: str) -> Provider:
        """The provider of [oauth.NAME].

        Raises:
            UnknownName: there is none.
            ApplicationRefused: its client secret is not where the settings say.
        """
        of = self._of(name)
        known = KNOWN.get(of.kind or name, Endpoints())
        endpoints = replace(
            known,
            authorize_url=(of.authorize_url or known.authorize_url).replace("{tenant}", of.tenant),
            token_url=(of.token_url or known.token_url).replace("{tenant}", of.tenant),
            device_url=(of.device_url or known.device_url).replace("{tenant}", of.tenant),
            issuer=of.issuer or known.issuer,
        )
        return Provider(
            name=name,
            endpoints=endpoints,
            client_id=of.client_id,
            client_secret=self._secret(name),
            scopes=of.scopes or (known.for_application if of.app_only else known.scopes),
            app_only=of.app_only,
            ca_file=str(self._settings.path(of.ca_file)) if of.ca_file else None,
        )

    def set_secret(self, name: str, secret: str) -> None:
        """Seal a client secret in the pool.

        Raises:
            UnknownName: there is no such provider.
        """
        self._of(name)
        sealed = self._vault.seal(secret)
        with self._pool.begin() as work:
            work.outbox.set_secret(_place(name), sealed)

    def _of(self, name: str) -> OAuthSettings:
        if name not in self._settings.oauth:
            names = ", ".join(self._settings.oauth) or "–"
            raise UnknownName(
                what="provider",
                name=name,
                hint=f"Known: {names}. kingpost.toml names them as [oauth.NAME]; see docs/oauth.md.",
                hint_de=f"Bekannt: {names}. kingpost.toml nennt sie als [oauth.NAME]; siehe docs/oauth.md.",
            )
        return self._settings.oauth[name]

    def _secret(self, name: str) -> str:
        of = self._settings.oauth[name]
        try:
            named = named_secret(self._settings, name, of.client_secret_env, of.client_secret_file)
        except PasswordMissing as error:
            raise ApplicationRefused(provider=name, reason=f"client secret: {error.details['reason']}") from error
        if named is not None:
            return named
        with self._pool.read() as work:
            sealed = work.outbox.secret(_place(name))
        return self._vault.open(sealed) if sealed is not None else ""


def _place(name: str) -> str:
    return f"oauth {name}"
