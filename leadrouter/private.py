"""Files in which people lie in the clear, outside the database: their owner's alone, whatever they were before.

How a file comes into being and nothing else: what is written, and what is said where it cannot be, is with who writes.
"""

from __future__ import annotations

import os
import stat

OWNER_ONLY = 0o600


def owner_only(path: str, flags: int) -> int:
    """For `open(..., opener=owner_only)`: makes the file readable by its owner alone, an older one too, before a word
    is in it. What is no file of its own, such as a pipe or /dev/null, stays as it is.
    """
    handle = os.open(path, flags, OWNER_ONLY)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        os.fchmod(handle, OWNER_ONLY)
    return handle
