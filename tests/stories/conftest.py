"""What stories share."""

from tests.emulated import emulated, emulator
from tests.scripted import scripted
from tests.stage import incoming, layer, stage

__all__ = ["emulated", "emulator", "incoming", "layer", "scripted", "stage"]
