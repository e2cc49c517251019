"""The whole of Bluesky on loopback: opt-in, because it needs Node 22, a PostgreSQL and a Redis."""
