"""Certificates for loopback from an authority made for the test run."""

from __future__ import annotations

from pathlib import Path

import trustme

_AUTHORITY = trustme.CA()


def authority(folder: Path) -> Path:
    """PEM file of the authority, for `SSL_CERT_FILE`."""
    path = folder / "authority.pem"
    _AUTHORITY.cert_pem.write_to_path(str(path))
    return path


def certificate(folder: Path) -> Path:
    """PEM file with chain and key of a server on 127.0.0.1."""
    path = folder / "server.pem"
    _AUTHORITY.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(path))
    return path
