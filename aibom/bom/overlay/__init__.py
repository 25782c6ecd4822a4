"""Blocks of the document that the CycloneDX library lacks; each module lays one over the skeleton.

`lay(components, analysis, names)` adds to the components, found by bom-ref; `block(…)` makes a block
that stands at the root of the document.
"""
