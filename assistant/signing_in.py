"""Somebody signs in at a provider, so that a mailbox can be read: in the browser, or with a code on another device.

What the provider gives is tried at the mail server before it is kept, so that the wrong account is noticed at once.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.grants import Grant
from assistant.mailboxes import Mailboxes
from assistant.providers import Providers
from connectors.imap import Account
from connectors.oauth import authorization, tokens
from connectors.oauth.authorization import Attempt
from connectors.oauth.loopback import Loopback
from connectors.oauth.provider import Provider
from connectors.oauth.tokens import DeviceCode, Tokens
from rules.terms.errors import ConnectorError, LoginRefused, ServerUnreachable, SignInFailed, TokenRefused, WrongUse
from rules.terms.mail import Mailbox
from rules.terms.staff import Role, Viewer

# So long a person may take in the browser.
PATIENCE = 600.0


def may_sign_in(box: Mailbox, viewer: Viewer) -> bool:
    """A personal mailbox is its owner's to open; an administrator may too, who could add it anyway."""
    return viewer.role.at_least(Role.ADMIN) or box.owner == viewer.login


@dataclass(frozen=True, slots=True)
class _Once:
    """One token, for a first try."""

    mailbox: Mailbox
    access: str

    def token(self, refused: str = "") -> str:
        """The token; there is no other."""
        if refused:
            raise TokenRefused(user=self.mailbox.user, host=self.mailbox.host)
        return self.access


class SigningIn:
    """Sign-ins for mailboxes, those of the pool and such as are about to be added."""

    def __init__(self, mailboxes: Mailboxes, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self._mailboxes = mailboxes
        self._providers: Providers = mailboxes.providers
        self._clock = clock

    def begin(self, name: str, redirect_uri: Callable[[str], str]) -> tuple[Attempt, str]:
        """A sign-in for a mailbox of the pool, and the address where a person does it.

        Args:
            name: the mailbox.
            redirect_uri: where the provider of that name is to send the browser afterwards.

        Raises:
            UnknownName: there is no such mailbox, or its provider is in kingpost.toml no more.
            WrongUse: it has a password, or nobody needs to sign in.
            ApplicationRefused: the client secret is not where the settings say.
        """
        provider = self._delegated(self.provider_of(name))
        return authorization.begin(provider, redirect_uri(provider.name), self._mailboxes.get(name).user)

    def complete(self, name: str, attempt: Attempt, answer: Mapping[str, str]) -> None:
        """Keep what the browser brought back.

        Raises:
            SignInFailed: it answers no attempt of ours, or with no.
            TokenRefused: the mail server does not take it for this mailbox; nothing is kept.
            ConnectorError: the provider cannot be asked; nothing is kept.
        """
        mailbox, provider = self._mailboxes.get(name), self.provider_of(name)
        given = self._exchanged(provider, attempt, answer)
        self._mailboxes.set_grant(name, self._tried(mailbox, provider, given))

    def begin_new(self, mailbox: Mailbox, provider: str, redirect_uri: Callable[[str], str]) -> tuple[Attempt, str]:
        """The same for a mailbox that is about to be added; `provider` is the name of [oauth.NAME].

        Raises:
            UnknownName: there is no such provider.
            WrongUse: nobody needs to sign in there.
            ApplicationRefused: the client secret is not where the settings say.
        """
        of = self._delegated(self._providers.get(provider))
        return authorization.begin(of, redirect_uri(of.name), mailbox.user)

    def complete_new(self, mailbox: Mailbox, attempt: Attempt, answer: Mapping[str, str]) -> Grant:
        """What the browser brought back for a mailbox that is about to be added; nothing is kept.

        Raises:
            SignInFailed, TokenRefused, ConnectorError: see `complete`.
        """
        provider = self._providers.get(attempt.provider)
        return self._tried(mailbox, provider, self._exchanged(provider, attempt, answer))

    def provider_of(self, name: str) -> Provider:
        """Where a mailbox is signed in to.

        Raises:
            UnknownName: there is no such mailbox, or no such provider.
            WrongUse: it has a password.
            ApplicationRefused: the client secret is not where the settings say.
        """
        grant = self._mailboxes.grant(name)
        if grant is None:
            raise WrongUse(
                problem=f"“{name}” has a password, nobody signs in for it.",
                problem_de=f"„{name}“ hat ein Passwort, dafür meldet sich niemand an.",
            )
        return self._providers.get(grant.provider)

    def account(self, mailbox: Mailbox, grant: Grant) -> Account:
        """The account of a mailbox that is about to be added."""
        return Account(mailbox, _Once(mailbox, grant.access))

    def by_application(self, mailbox: Mailbox, provider: Provider) -> Grant:
        """What a mailbox needs that the application itself reads.

        Raises:
            GrantRefused, ApplicationRefused: the provider says no.
            TokenRefused: the mail server does.
            ConnectorError: one of them cannot be asked.
        """
        return self._tried(mailbox, provider, tokens.for_application(provider))

    def by_device(
        self,
        mailbox: Mailbox,
        provider: Provider,
        show: Callable[[DeviceCode], None],
        wait: Callable[[float], object] = time.sleep,
    ) -> Grant:
        """A sign-in that a person finishes on another device (RFC 8628).

        Args:
            mailbox: for which; it need not be in the pool.
            provider: where.
            show: tells the person where to go and what to type.
            wait: lets seconds pass.

        Raises:
            GrantRefused, ApplicationRefused, SignInFailed: the person or the provider says no, or nobody came.
            TokenRefused: the mail server does not take it for this mailbox.
            ConnectorError: one of them cannot be asked.
        """
        code = tokens.device_code(self._delegated(provider))
        show(code)
        until, interval = self._clock() + code.lasts.total_seconds(), code.interval
        while self._clock() < until:
            wait(interval)
            try:
                given = tokens.device_tokens(provider, code)
            except ServerUnreachable:
                given = tokens.SLOWER
            if isinstance(given, Tokens):
                return self._tried(mailbox, provider, given)
            interval += given
        raise SignInFailed(reason="expired_token")

    def by_browser(self, mailbox: Mailbox, provider: Provider, here: Loopback, show: Callable[[str], None]) -> Grant:
        """A sign-in in a browser on this machine, or one that reaches its port.

        Args:
            mailbox: for which; it need not be in the pool.
            provider: where.
            here: where the browser comes back to.
            show: tells the person the address.

        Raises:
            SignInFailed: nobody came back, or with no.
            GrantRefused, ApplicationRefused, TokenRefused, ConnectorError: see `by_device`.
        """
        attempt, url = authorization.begin(self._delegated(provider), here.redirect_uri, mailbox.user)
        show(url)
        answer = here.wait(PATIENCE)
        if answer is None:
            raise SignInFailed(reason="nobody came back")
        return self._tried(mailbox, provider, self._exchanged(provider, attempt, answer))

    def _delegated(self, provider: Provider) -> Provider:
        if provider.app_only:
            raise WrongUse(
                problem=f"With [oauth.{provider.name}] nobody signs in: the application itself reads the mailbox.",
                problem_de=f"Bei [oauth.{provider.name}] meldet sich niemand an: "
                "Die Anwendung selbst liest das Postfach.",
            )
        return provider

    def _exchanged(self, provider: Provider, attempt: Attempt, answer: Mapping[str, str]) -> Tokens:
        code = authorization.granted(provider, attempt, answer)
        return tokens.exchanged(provider, code, attempt.verifier, attempt.redirect_uri)

    def _tried(self, mailbox: Mailbox, provider: Provider, given: Tokens) -> Grant:
        """The grant, if the mail server takes it. One that does not answer just now is no word against it."""
        if not given.refresh and not provider.app_only:
            raise SignInFailed(reason="no refresh token")
        asked = self._clock()
        try:
            Account(mailbox, _Once(mailbox, given.access)).folders()
        except LoginRefused:
            raise
        except ConnectorError:
            pass
        return Grant(provider.name, secrets.token_hex(8)).renewed(given, asked)
