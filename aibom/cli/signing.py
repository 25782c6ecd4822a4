"""`aibom sign` and `aibom verify-signature`: a BOM, bound to the files that it is of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aibom.cli.documents import MAX_BOM, read_file
from aibom.cli.keys import private_key, public_key, secret
from aibom.cli.options import SAMPLING_OPTIONS, quiet_option, source_arguments
from aibom.cli.output import destination, progress, write_result
from aibom.cli.program import debug_option
from aibom.cli.verdicts import destinations, verdict_options, write_verdict
from aibom.errors import InputError, ReadError, UndeterminedError, UsageError

if TYPE_CHECKING:
    from aibom.signing import Envelope, HeldFiles
    from aibom.sources import Source

_FILE = click.Path(path_type=Path)
_MAX_MANIFESTS = 16
_MAX_CONFIG = 4 * 1024 * 1024
_trust_option = click.option(
    "--trust-config",
    type=_FILE,
    metavar="FILE",
    help="Another Sigstore than the public one (its client trust configuration).",
)


@click.command()
@click.argument("bom", metavar="BOM|-")
@click.argument("target")
@click.option("--key", type=_FILE, metavar="PEM", help="Private key: Ed25519, or ECDSA P-256 or P-384.")
@click.option(
    "--passphrase-env", metavar="NAME", help="Environment variable that holds the key's passphrase."
)
@click.option(
    "--keyless", is_flag=True, help="Sign with your identity through Sigstore, which makes it public."
)
@click.option(
    "--identity-token-env", metavar="NAME", help="Variable that holds the identity token for --keyless."
)
@_trust_option
@click.option("-o", "--output", required=True, metavar="FILE|-", help="Envelope to write.")
@SAMPLING_OPTIONS
@quiet_option
@debug_option
def sign(
    bom: str,
    target: str,
    key: Path | None,
    passphrase_env: str | None,
    keyless: bool,
    identity_token_env: str | None,
    trust_config: Path | None,
    output: str,
    quiet: bool,
    **source_options: Any,
) -> None:
    """Sign a BOM together with the SHA-256 of every file of the model that it is of.

    Writes a DSSE envelope with an in-toto statement: the files are its subjects, the CycloneDX BOM is its
    predicate. Files that hold signatures (*.sig, *.dsse.json, *.sigstore.json) are left out. Exits with
    code 3 where the digest of a file is not known.
    """
    from aibom import documents, signing

    if keyless == bool(key):
        raise UsageError("name one of --key and --keyless")
    if keyless and source_options["offline"]:
        raise UsageError("--keyless needs the network", advice="Drop --offline, or use a key with --key.")
    file = destination(output)
    data = read_file(bom, MAX_BOM)
    document, stated = signing.read_bom(data, bom), documents.read(data, bom).files
    signer = private_key(key, passphrase_env) if key else None
    token = secret(identity_token_env)
    with _opened(target, source_options, quiet=quiet) as source:
        held = signing.hold_files(source)
    _same_files(signing.contradicted(stated, held))
    statement = signing.write_statement(document, _all_known(held))
    if signer:
        sealed = signing.seal(statement, signing.IN_TOTO, signer)
    else:
        from aibom.signing.keyless import seal_keyless

        sealed = seal_keyless(statement, token=token, trust=_text(trust_config))
    write_result(file, sealed)


@click.command("verify-signature")
@click.argument("envelope", metavar="ENVELOPE|-")
@click.option("--key", type=_FILE, metavar="PEM", help="Public key of who must have signed.")
@click.option(
    "--identity", metavar="NAME", help="E-mail address or workflow that must have signed, without a key."
)
@click.option("--issuer", metavar="URL", help="Who must vouch for that identity.")
@_trust_option
@click.option("--target", help="The model: its files must be those that were signed, all and no other.")
@click.option("--bom", metavar="FILE", help="The BOM that must be the signed one.")
@click.option(
    "--manifest-key",
    type=_FILE,
    metavar="PEM",
    help="Public key of the model-signing manifest in TARGET. Default: --key.",
)
@verdict_options
@SAMPLING_OPTIONS
@quiet_option
@debug_option
@click.pass_context
def verify_signature(
    ctx: click.Context,
    /,
    envelope: str,
    key: Path | None,
    identity: str | None,
    issuer: str | None,
    trust_config: Path | None,
    target: str | None,
    bom: str | None,
    manifest_key: Path | None,
    output: str | None,
    form: str,
    written: tuple[str, ...],
    quiet: bool,
    **source_options: Any,
) -> None:
    """Check who signed a BOM, that it was not altered, and that the model is the one that was signed.

    ENVELOPE is what `aibom sign` writes, or the manifest of OpenSSF model-signing (model.sig); a manifest
    that lies in TARGET is checked too. Exits with code 1 where anything is not as it was signed, 3 where a
    file's digest is not known.
    """
    from aibom import signing
    from aibom.signing.keyless import Signatory

    if bool(identity) != bool(issuer):
        raise UsageError("--identity and --issuer belong together")
    wanted = destinations(form, output, written)
    offline = bool(source_options["offline"])
    signatory = Signatory(identity, issuer, _text(trust_config), offline) if identity and issuer else None
    trust = signing.Trust(public_key(key) if key else None, signatory)
    theirs = public_key(manifest_key) if manifest_key else None
    found = signing.read_envelope(read_file(envelope, signing.MAX_ENVELOPE), envelope)
    held: HeldFiles | None = None
    manifests: tuple[tuple[str, Envelope | ReadError], ...] = ()
    if target:
        with _opened(target, source_options, quiet=quiet) as source:
            held = signing.hold_files(source)
            manifests = tuple(_envelopes(source, held))
    verdict = signing.verify(
        found,
        trust,
        name=Path(envelope).name,
        bom=signing.read_bom(read_file(bom, MAX_BOM), bom) if bom else None,
        held=held,
        manifests=manifests,
        manifest_key=theirs,
    )
    write_verdict(ctx, verdict, wanted)


def _same_files(other: tuple[str, ...]) -> None:
    """Raises InputError where the BOM is of other files: a stale one would be signed as if it were true."""
    if other:
        raise InputError(
            f"the BOM states another SHA-256 of {len(other)} files than they have: {other[0]}",
            advice="Generate the BOM of this target anew; `aibom verify BOM TARGET` shows both sides.",
        )


def _all_known(held: HeldFiles) -> dict[str, str]:
    """Raises UndeterminedError where a file would be left out, or there is none."""
    if held.unknowns:
        first = held.unknowns[0]
        raise UndeterminedError(
            f"the SHA-256 of {len(held.unknowns)} files is not known: {first.path}: {first.reason}",
            advice="Sign a local copy in which every file can be read.",
        )
    if not held.digests:
        raise UndeterminedError("the target has no file to sign", advice="Name the model's folder.")
    return dict(held.digests)


def _envelopes(source: Source, held: HeldFiles) -> Iterator[tuple[str, Envelope | ReadError]]:
    """What ends as envelopes do and lies in the target's own folder, or why it is none."""
    from aibom.signing import read_envelope

    for path in [path for path in held.signatures if "/" not in path][:_MAX_MANIFESTS]:
        try:
            yield path, read_envelope(source.read(path), path)
        except ReadError as error:
            yield path, error


@contextmanager
def _opened(target: str, chosen: dict[str, Any], *, quiet: bool) -> Iterator[Source]:
    """The target; local files are hashed anew: what is remembered is known by the file's times alone."""
    from aibom.sources import SourceOptions, open_source

    arguments = source_arguments({**chosen, "plugins": ()})
    if Path(target).expanduser().exists():
        arguments.pop("cache_dir", None)
    with progress(quiet=quiet) as step:
        step(f"reading {target}")
        with open_source(target, SourceOptions(**arguments)) as source:
            yield source


def _text(path: Path | None) -> str | None:
    return read_file(str(path), _MAX_CONFIG).decode("utf-8", "replace") if path else None
