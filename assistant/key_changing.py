"""Another key for stored passwords, while everything runs.

    new key beside the old one (file) ─▶ all secrets sealed with it (one transaction) ─▶ the old one goes (file)

Killed in between, both keys are there and both open; the next try goes on where this one stopped. Whoever sealed
something with the old key at the very same moment is waited for before the old one goes.
"""

import time

from assistant.erased import PURPOSE
from assistant.settings import Settings
from storage.pool import Pool
from storage.secrets import Vault

# Seconds in which somebody who has read the old key has stored what they sealed with it.
SETTLED = 2.0


def change_key(settings: Settings, pool: Pool, settled: float = SETTLED) -> int:
    """Seal everything with a new key; how many secrets that were. The keyed digests of erased people stay valid.

    Raises:
        KeyUnfit: the key is none, or does not open what is stored; then both keys stay.
        WrongUse: the key comes from the environment.
        PoolError: the pool takes nothing; then both keys stay.
    """
    vault = Vault(settings.path(settings.pool.key_file))
    vault.begin_change([PURPOSE])
    with pool.begin() as work:
        changed = work.sealed.renew(vault.resealed)
    time.sleep(settled)
    with pool.begin() as work:
        changed += work.sealed.renew(vault.resealed)
    vault.end_change()
    return changed
