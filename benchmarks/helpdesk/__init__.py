"""The peer of the end-to-end benchmark: django-helpdesk in an environment of its own."""
