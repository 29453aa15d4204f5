"""The service: use cases, pages, API, command line, schedule and settings. It composes the other three rooms."""
