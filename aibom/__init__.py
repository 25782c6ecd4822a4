"""aibom: the bill of materials of an AI model, with the origin of every part."""
