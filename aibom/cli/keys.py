"""Keys and secrets that the user names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aibom.cli.documents import read_file
from aibom.errors import UsageError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey


def private_key(path: Path, passphrase_env: str | None) -> CryptoSigner:
    """What signs with the key in a file, opened with the passphrase in a variable of the environment."""
    from aibom import signing

    passphrase = secret(passphrase_env)
    return signing.load_signer(_read(path), str(path), passphrase.encode() if passphrase else None)


def public_key(path: Path) -> SSlibKey:
    """The public key in a file."""
    from aibom import signing

    return signing.load_key(_read(path), str(path))


def secret(variable: str | None) -> str | None:
    """What a variable of the environment holds; None where none is named.

    Raises:
        UsageError: it is not set, or empty.
    """
    if variable is None:
        return None
    value = os.environ.get(variable)
    if not value:
        raise UsageError(f"the environment variable {variable} is not set or empty")
    return value


def _read(path: Path) -> bytes:
    from aibom.signing.keys import MAX_KEY

    return read_file(str(path), MAX_KEY)
