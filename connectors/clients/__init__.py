"""The parts that run in mail clients, mail servers and webmail; packed for a firm's address by the assistant.

Only mutt's filter is Python, and stands alone. The others are theirs: JavaScript, PHP, Lua.
"""
