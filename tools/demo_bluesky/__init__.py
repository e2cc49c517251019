"""The real Bluesky server behind a line that loses answers: what `make demo-bluesky` runs against."""
