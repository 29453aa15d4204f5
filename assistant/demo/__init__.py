"""The demo: an invented firm with its customers and mails, so that a visitor sees Kingpost at work at once."""
