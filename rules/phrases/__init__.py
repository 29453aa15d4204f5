"""The wording that mail programs put around other people's words: data, one module for each kind of phrase."""
