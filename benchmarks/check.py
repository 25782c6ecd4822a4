"""How long `aibom check` takes on a recorded snapshot of a model in 96 shards, without network.

The limit is 2 s, as a whole process. Beside it the start of the interpreter with the imports that every
command pays, in the same run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.builders.safetensors import safetensors

SHARDS, LAYERS, RUNS = 96, 96, 5
LIMIT_S = 2.0
HIDDEN = 64


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        model, snapshot = Path(name) / "model", Path(name) / "snapshot"
        build(model)
        run("record", str(model), "-o", str(snapshot))
        seconds = [
            timed("check", str(snapshot), "--policy", "kr-independent", "--offline") for _ in range(RUNS)
        ]
        bare = [timed("--version") for _ in range(RUNS)]
    best, start = min(seconds), min(bare)
    print(f"check of a snapshot of {SHARDS} shards: {best:.2f} s (limit {LIMIT_S:g} s)")
    print(f"the bare program: {start:.2f} s, ratio {best / start:.1f}")
    return 0 if best <= LIMIT_S else 1


def build(folder: Path) -> None:
    """A Llama-like model, one layer a shard."""
    folder.mkdir()
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": LAYERS}
    config |= {
        "hidden_size": HIDDEN,
        "vocab_size": 256,
        "num_attention_heads": 4,
        "intermediate_size": 4 * HIDDEN,
    }
    (folder / "config.json").write_text(json.dumps(config))
    weight_map, total = {}, 0
    for number in range(SHARDS):
        tensors = {
            f"model.layers.{number}.{part}.weight": ("F32", shape)
            for part, shape in (
                ("self_attn.q_proj", (HIDDEN, HIDDEN)),
                ("self_attn.k_proj", (HIDDEN, HIDDEN)),
                ("self_attn.v_proj", (HIDDEN, HIDDEN)),
                ("self_attn.o_proj", (HIDDEN, HIDDEN)),
                ("mlp.gate_proj", (4 * HIDDEN, HIDDEN)),
                ("mlp.up_proj", (4 * HIDDEN, HIDDEN)),
                ("mlp.down_proj", (HIDDEN, 4 * HIDDEN)),
                ("input_layernorm", (HIDDEN,)),
            )
        }
        if number == 0:
            tensors |= {"model.embed_tokens.weight": ("F32", (256, HIDDEN))}
        shard = f"model-{number + 1:05}-of-{SHARDS:05}.safetensors"
        data = safetensors(tensors)
        (folder / shard).write_bytes(data)
        weight_map |= dict.fromkeys(tensors, shard)
        total += len(data)
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def run(*arguments: str) -> int:
    command = [str(Path(sys.executable).with_name("aibom")), *arguments]
    return subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


def timed(*arguments: str) -> float:
    """Seconds of a whole process; a verdict of any outcome is a run that ended well."""
    start = time.perf_counter()
    code = run(*arguments)
    if code not in (0, 1, 3):
        raise SystemExit(f"aibom {arguments[0]} ended with {code}")
    return time.perf_counter() - start


if __name__ == "__main__":
    raise SystemExit(main())
