"""The platforms Parley speaks: one module each, plain data in, dataclasses out, no Django inside."""
