"""Signatures over a BOM and the model that it is of."""
