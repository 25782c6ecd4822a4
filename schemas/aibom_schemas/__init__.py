"""Published JSON schemas of aibom."""
