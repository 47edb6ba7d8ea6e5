"""Three language models on loopback, each in its own wire format, that answer what a test wrote down for them."""

from tests.standins.models.script import Answer, Wish
from tests.standins.models.server import KEY, MODEL, WIRES, ModelStandIn

__all__ = ["KEY", "MODEL", "WIRES", "Answer", "ModelStandIn", "Wish"]
