"""Keras archives: what the configuration names, and what of it runs code."""

from __future__ import annotations

import json
from typing import Any

from aibom.formats.keras import KerasConfig, Named, describe_config
from aibom.model import Part, Unknown
from tests.archives.looking import only, rules
from tests.builders import pickles as build

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2}}
CODE = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}


def model(*layers: Any, **changes: Any) -> Any:
    config = {"name": "m", "layers": list(layers)}
    return {"module": "keras", "class_name": "Sequential", "config": config, **changes}


def keras(config: Any, **members: bytes) -> dict[str, bytes]:
    metadata = json.dumps({"keras_version": "3.9.0"}).encode()
    pieces = {"metadata.json": metadata, "config.json": json.dumps(config).encode(), **members}
    return {"m.keras": build.archive(pieces)}


def test_layers_are_counted() -> None:
    (part,) = only(keras(model(DENSE, DENSE, {"class_name": "InputLayer", "config": {}})), Part)
    assert part.fact("layers") == "Dense 2, InputLayer 1"
    assert part.fact("keras_version") == "3.9.0"
    assert part.fact("model_class") == "Sequential"
    assert rules(keras(model(DENSE))) == {}


def test_a_lambda_layer_is_found_at_any_depth() -> None:
    layer = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "x2", "function": CODE}}
    outer = {"module": "keras.layers", "class_name": "TimeDistributed", "config": {"layer": layer}}
    assert "x2" in rules(keras(model(outer)))["archives.keras-lambda"]


def test_objects_of_other_packages_are_named() -> None:
    own = {"module": "my.code", "class_name": "Norm", "config": {}, "registered_name": "my>Norm"}
    call = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}
    relu = {"module": "builtins", "class_name": "function", "config": "relu"}
    found = describe_config(model(own, call, relu))
    assert found.foreign == (Named("my.code", "Norm"), Named("os", "system"))
    assert "os.system" in rules(keras(model(call)))["archives.keras-foreign-object"]


def test_an_archive_without_a_configuration_is_an_unknown() -> None:
    assert len(only({"m.keras": build.archive({"x": b""})}, Unknown)) == 1


def test_any_json_is_described() -> None:
    for value in (None, 3, [], [[{"class_name": 3, "config": "x", "module": 7}]], {"config": {"layers": 3}}):
        assert isinstance(describe_config(value), KerasConfig)


def test_a_configuration_that_fills_memory_is_refused() -> None:
    data = build.archive({"config.json": b" " * (17 << 20)}, deflated=True)
    (unknown,) = only({"m.keras": data}, Unknown)
    assert "limit: member size" in unknown.reason
