"""A stand-in of the Hub's read surface on loopback: two origins, faults, delay, plain or TLS."""

from tests.standin.content import Blob, Data, Sparse
from tests.standin.faults import Fault, Kind
from tests.standin.hub import Exchange, Repository, StandinHub
from tests.standin.server import serving

__all__ = ["Blob", "Data", "Exchange", "Fault", "Kind", "Repository", "Sparse", "StandinHub", "serving"]
