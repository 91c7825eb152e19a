"""One suite for every platform, over real HTTP against the emulator."""
