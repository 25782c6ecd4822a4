"""Forms that others ask for: SPDX, the G7 elements, the model documentation of the EU."""
