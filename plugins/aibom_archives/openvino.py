"""OpenVINO IR."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.openvino import Network, is_network, read_network
from aibom.formats.text import clean
from aibom.model import Fact, Locator, Observation, Severity
from aibom.spi import View
from aibom_archives.described import Described, listed


def describe(view: View, path: str) -> Described | None:
    """A network with its weights, or None for any other XML.

    Raises:
        ReadError: the network cannot be read.
    """
    if not is_network(view, path):
        return None
    network = read_network(view, path)
    weights = path.rpartition(".")[0] + ".bin"
    return Described(
        form="openvino ir",
        rows=network.rows,
        files=(weights,) if weights in view.files else (),
        facts=tuple(_facts(path, network)),
        observations=tuple(_missing(view, path, weights, network)),
    )


def _facts(path: str, network: Network) -> Iterator[Fact]:
    place = Locator(path)
    for name, value in (
        ("ir_version", clean(network.version, 20)),
        ("layers", listed([f"{name} {count}" for name, count in network.layers], 12)),
        ("inputs", listed(list(network.inputs))),
        ("outputs", listed(list(network.outputs))),
        ("custom_operator_sets", listed(list(network.foreign))),
    ):
        if value:
            yield Fact(name, value, place)


def _missing(view: View, path: str, weights: str, network: Network) -> Iterator[Observation]:
    entry = view.files.get(weights)
    if network.extent and (entry is None or (entry.size is not None and entry.size < network.extent)):
        what = "is not in the target" if entry is None else "ends before the last constant"
        yield Observation(
            "archives.openvino-weights-missing",
            clean(f"{path} places its constants in {weights}, which {what}"),
            severity=Severity.MEDIUM,
            alternative="The weights were left out of the upload, or belong to another version.",
            locators=(Locator(path),),
        )
