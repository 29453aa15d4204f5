"""The pages, one module for each topic; `assistant.web.pages` puts them together."""
