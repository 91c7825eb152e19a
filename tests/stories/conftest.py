"""What stories share."""

from tests.scripted import scripted
from tests.stage import incoming, layer, stage

__all__ = ["incoming", "layer", "scripted", "stage"]
