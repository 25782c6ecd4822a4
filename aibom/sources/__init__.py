"""Targets as Views: a repository on the Hub, local files, a recorded snapshot, bytes in memory.

`open_source` is the one way in. Offline is enforced here: no client is made, so no socket is opened.
"""

from aibom.sources.base import Digests, Source
from aibom.sources.opening import open_source
from aibom.sources.options import DEFAULT_ENDPOINT, SourceOptions
from aibom.sources.recorder import Recorder

__all__ = ["DEFAULT_ENDPOINT", "Digests", "Recorder", "Source", "SourceOptions", "open_source"]
