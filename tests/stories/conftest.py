"""What stories share."""

from tests.scripted import scripted

__all__ = ["scripted"]
