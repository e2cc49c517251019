"""The shapes of requests and answers. They check form only; what may be done is decided by the actions."""
