"""What building, writing and checking a BOM of 2,000 components costs, beside the library's validator.

python benchmarks/validation.py [components]

Times are of the processor, best of some runs, so that a busy machine shows the same. Exit status 1
where checking at run time (schema and rules together) takes 100 ms or more.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from aibom import bom
from tests import samples

LIMIT = 0.1
"""Seconds that checking may take."""


def timed(work: Callable[[], Any], repeat: int = 5) -> tuple[float, Any]:
    """The best time of some runs, in seconds, and the last result."""
    best, result = float("inf"), None
    for _ in range(repeat):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return best, result


def main() -> int:
    """Print one line a step."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    tiny = bom.build(samples.minimal())  # imports the libraries
    compiled, _ = timed(lambda: bom.validate(tiny), repeat=1)
    _, _ = timed(lambda: bom.lint(tiny), repeat=1)
    analysis = samples.crowd(count)
    built, document = timed(lambda: bom.build(analysis))
    written, data = timed(lambda: bom.serialise(document))
    validated, problems = timed(lambda: bom.validate(document))
    linted, found = timed(lambda: bom.lint(document))
    text = data.decode()
    strict = JsonStrictValidator(SchemaVersion.V1_7)
    by_library, verdict = timed(lambda: strict.validate_str(text), repeat=1)

    print(f"{count} components, {len(data) / 1e6:.2f} MB, CycloneDX 1.7")
    print(f"build               {built * 1000:9.1f} ms")
    print(f"serialise           {written * 1000:9.1f} ms")
    print(f"validator, compile  {compiled * 1000:9.1f} ms, once")
    print(f"validate            {validated * 1000:9.1f} ms, {len(problems)} problems")
    print(f"lint                {linted * 1000:9.1f} ms, {len(found)} problems")
    print(f"library's validator {by_library * 1000:9.1f} ms, {'valid' if verdict is None else 'invalid'}")
    print(f"ratio library / validate        {by_library / validated:9.0f}")
    print(f"ratio library / validate + lint {by_library / (validated + linted):9.0f}")
    return 1 if validated + linted >= LIMIT or bool(problems) != (verdict is not None) else 0


if __name__ == "__main__":
    raise SystemExit(main())
