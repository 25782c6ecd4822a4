"""The lineage zoo: small models with a known family tree, built from recipes and seeds."""
