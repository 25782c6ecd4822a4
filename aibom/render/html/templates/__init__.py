"""Templates of the pages, with their style and scripts."""

from importlib.resources import files
from typing import Final

TEMPLATES: Final = files(__package__)
