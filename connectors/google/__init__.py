"""What Kingpost asks Google when the firm has switched the Gmail add-on on: public keys, and the open mail's header."""
