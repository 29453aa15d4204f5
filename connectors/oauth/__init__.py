"""Signing in at mail providers by OAuth 2: tokens from their endpoints, and how mail servers take them."""
