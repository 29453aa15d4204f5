"""The headers that tell persons from machines; rules.reading decides on them."""

SIGNALS: tuple[str, ...] = (
    "auto-submitted",
    "content-type",
    "feedback-id",
    "list-id",
    "list-post",
    "list-unsubscribe",
    "precedence",
    "return-path",
    "x-auto-response-suppress",
    "x-autoreply",
    "x-autorespond",
    "x-failed-recipients",
    "x-fax-id",
    "x-loop",
    "x-mailer",
    "x-mailman-version",
    "x-original-from",
    "x-ebay-mailtracker",
)
