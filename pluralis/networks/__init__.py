"""The networks we publish on: the contract, the registry, one folder per network."""
