"""How often the proposed kind of reply is the right one, beside two baselines: `python -m bench.replies [kept]`."""
