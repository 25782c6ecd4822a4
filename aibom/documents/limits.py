"""Bounds of what is read from one document, so that no document takes time or memory beyond its size."""

from __future__ import annotations

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a document; the BOM of 2,000 components has about 5 MB. The worst JSON of this size, nothing but
empty lists, takes 1.5 GB as Python's values."""
MAX_COMPONENTS = 100_000
"""Components, packages or elements that are looked at."""
MAX_ITEMS = 200_000
"""Parts, files, licences, datasets, ancestors and claims that are kept of one document, together."""
MAX_PROPERTIES = 10_000
"""Properties of one component; ours of a model with many parts has some hundreds."""
MAX_ENTRIES = 1_000
"""Licences, datasets, ancestors, hashes or references of one component."""
MAX_UNKNOWNS = 1_000
"""Unknowns that one document gives rise to; one more says that there are others."""
MAX_ANCESTRY = 20
"""Generations of a pedigree."""
LONGEST_NAME = 400
"""Characters of a name that are kept."""
LONGEST_PATH = 1_000
"""Characters of a path that are kept; a longer one is no path of a model's file."""
