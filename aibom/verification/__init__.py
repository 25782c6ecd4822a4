"""A vendor's BOM held against the model itself."""
