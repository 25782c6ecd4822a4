"""PyTorch checkpoints: tensors with name, shape and dtype, from every form, without their data."""

from __future__ import annotations

import pytest

from aibom.errors import FormatError, ReadError
from aibom.formats.pytorch import Layout, read_checkpoint
from aibom.formats.tables import Row
from aibom.model import Observation, Part, Unknown
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from tests.archives.looking import only, rules
from tests.archives.samples import SAMPLES, TABLE
from tests.builders import pickles as build


def rows(data: bytes) -> list[tuple[str, str, tuple[int, ...]]]:
    found = read_checkpoint(MemoryView({"m": data}), "m")
    assert found.error is None
    return [(row.name, row.dtype, row.shape) for row in found.rows]


EXPECTED = sorted((name, dtype, tuple(shape)) for name, (dtype, shape) in TABLE.items())


def test_the_archive_and_the_older_form_give_the_same_table() -> None:
    assert rows(build.checkpoint(TABLE)) == EXPECTED
    assert rows(build.legacy(TABLE)) == EXPECTED


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("model.pt", Layout.ZIP),
        ("pytorch_model.bin", Layout.LEGACY),
        ("script.pth", Layout.SCRIPT),
        ("plain.pkl", Layout.PICKLE),
    ],
)
def test_the_form_is_recognised(name: str, layout: Layout) -> None:
    assert read_checkpoint(MemoryView({name: SAMPLES[name]}), name).layout is layout


def test_modules_are_named_as_their_state_dict_names_them() -> None:
    linear = b"ctorch.nn.modules.linear\nLinear\n)\x81" + mapping_state({"weight": build.tensor("0", (2, 3))})
    net = b"c__main__\nNet\n)\x81}" + build.text("_modules") + build.mapping({"fc": linear}) + b"sb"
    assert rows(build.torch_zip(build.pickled(net), {"0": bytes(24)})) == [("fc.weight", "F32", (2, 3))]


def mapping_state(parameters: dict[str, bytes]) -> bytes:
    return b"}" + build.text("_parameters") + build.mapping(parameters) + b"sb"


def test_parameters_and_subclasses_are_looked_through() -> None:
    plain = build.tensor("0", (4,))
    parameter = build.call(
        build.name("torch._utils", "_rebuild_parameter"),
        plain,
        b"\x88",
        build.name("collections", "OrderedDict") + b")R",
    )
    function, arguments = build.name("torch._utils", "_rebuild_tensor_v2"), plain[plain.index(b"(") : -1]
    subclass = build.call(
        build.name("torch._tensor", "_rebuild_from_type_v2"),
        function,
        build.name("my", "Tensor"),
        arguments,
        b"}",
    )
    data = build.torch_zip(build.pickled(build.mapping({"p": parameter, "s": subclass})), {"0": bytes(16)})
    assert rows(data) == [("p", "F32", (4,)), ("s", "F32", (4,))]


def test_numpy_arrays_are_tensors_too() -> None:
    reconstruct = build.call(
        build.name("numpy._core.multiarray", "_reconstruct"),
        build.name("numpy", "ndarray"),
        build.sequence(build.number(0)),
        b"C\x01b",
    )
    dtype = build.call(build.name("numpy", "dtype"), build.text("f4"), b"\x89", b"\x88")
    state = build.sequence(
        build.number(1),
        build.sequence(build.number(2), build.number(3)),
        dtype,
        b"\x89",
        b"C\x18" + bytes(24),
    )
    assert rows(build.pickled(build.mapping({"a": reconstruct + state + b"b"}), 4)) == [("a", "F32", (2, 3))]


def test_a_storage_within_a_further_pickle_is_of_unknown_type() -> None:
    inner = build.call(build.name("torch.storage", "_load_from_bytes"), b"C\x01x")
    sizes = build.sequence(build.number(3), build.number(4))
    value = build.call(build.name("torch._utils", "_rebuild_tensor_v2"), inner, build.number(0), sizes, sizes)
    assert rows(build.pickled(build.mapping({"w": value}), 4)) == [("w", "unknown", (3, 4))]


def test_tied_tensors_are_counted_once() -> None:
    tied = build.mapping({"a": build.tensor("0", (5, 2)), "b": build.tensor("0", (5, 2))})
    (part,) = only({"m.pt": build.torch_zip(build.pickled(tied), {"0": bytes(40)})}, Part)
    assert (part.parameters, part.tensors, part.fact("tied_tensors")) == (10, 2, 1)


def test_training_state_is_not_the_model() -> None:
    inner = build.mapping({"exp_avg": build.tensor("1", (7,))})
    value = build.mapping({"model": build.mapping({"w": build.tensor("0", (3,))}), "optimizer": inner})
    (part,) = only({"m.ckpt": build.torch_zip(build.pickled(value), {"0": b"", "1": b""})}, Part)
    assert (part.parameters, part.fact("training_state_tensors")) == (3, 1)


def test_files_of_a_training_run_are_searched_and_are_no_part() -> None:
    files = {"training_args.bin": build.torch_zip(build.pickled(build.name("posix", "system")))}
    assert only(files, Part) == []
    assert list(rules(files)) == ["archives.pickle-dangerous-import"]


def test_shards_are_one_part() -> None:
    files = {
        f"pytorch_model-0000{at}-of-00002.bin": build.checkpoint({f"w{at}": ("F32", (at, 2))})
        for at in (1, 2)
    }
    (part,) = only(files, Part)
    assert part.files == tuple(sorted(files))
    assert (part.parameters, part.tensors) == (6, 2)


def test_weights_beside_safetensors_of_the_same_name_are_an_alternative() -> None:
    data = SAMPLES["model.pt"]
    files = {
        "pytorch_model.bin": data,
        "model.safetensors": b"",
        "vae/other.pt": data,
        "vae/x.safetensors": b"",
    }
    assert {part.files: part.alternative for part in only(files, Part)} == {
        ("pytorch_model.bin",): True,
        ("vae/other.pt",): False,
    }


def test_a_missing_storage_is_told() -> None:
    found = rules({"m.pt": build.torch_zip(build.state_dict(TABLE), {"0": b"", "2": b""})})
    assert "storage 1" in found["archives.storage-missing"]


def test_storages_of_the_older_form_are_held_against_what_the_file_holds() -> None:
    whole = build.legacy(TABLE)
    found = read_checkpoint(MemoryView({"old.bin": whole[:-1]}), "old.bin")
    assert "truncated: 439 bytes of storages, of 440" in str(found.error)
    assert read_checkpoint(MemoryView({"old.bin": whole + b"\0"}), "old.bin").error is None


def test_tensor_data_is_not_read() -> None:
    table = {f"w{at}": ("F32", (512, 1024)) for at in range(4)}
    view = MemoryView({"m.pt": build.checkpoint(table), "old.bin": build.legacy(table)})
    inspect(ArchiveInspector(), view)
    assert max(length for _, _, length in view.reads) <= 65_557
    assert sum(length for path, _, length in view.reads if path == "m.pt") < 3 * 65_557
    assert sum(length for path, _, length in view.reads if path == "old.bin") <= 65_536 + 1024 * 2


def test_a_hostile_shape_gives_an_unknown() -> None:
    table = {"w": ("F32", (2**62, 2**62))}
    (unknown,) = only({"m.pt": build.torch_zip(build.state_dict(table), {"0": b""})}, Unknown)
    assert "no shape that a tensor can have" in unknown.reason


def test_cycles_and_shared_objects_end() -> None:
    loop = b"]q\x00h\x00a"
    bomb = b"]q\x01" + b"(h\x01h\x01h\x01h\x01lq\x01" * 50
    for body in (loop, bomb):
        assert rows(build.torch_zip(build.pickled(body))) == []


def test_a_pointer_and_an_empty_file_are_told_apart() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 5\n"
    with pytest.raises(ReadError, match="Git-LFS pointer"):
        read_checkpoint(MemoryView({"m": pointer}), "m")
    with pytest.raises(FormatError, match="empty"):
        read_checkpoint(MemoryView({"m": b""}), "m")


def test_other_binary_files_are_left_alone() -> None:
    assert only({"vocab.bin": b"\x00\x01\x02"}, Unknown) == []


def test_an_archive_without_an_object_still_has_its_pickles_searched() -> None:
    data = build.archive({"a/b.pkl": build.pickled(build.name("os", "system"))})
    assert [item.rule for item in only({"m.pt": data}, Observation)] == ["archives.pickle-dangerous-import"]
    assert len(only({"m.pt": data}, Unknown)) == 1


def test_rows_count_scalars_as_one() -> None:
    assert Row("s", "F32", ()).elements == 1
