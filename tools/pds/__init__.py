"""The real Bluesky server on loopback, for tests and the demo."""
