"""Anyone's BOM, read into one shape."""
