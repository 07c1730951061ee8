"""The HTTP doors. Each is shallow: parse, call, answer. `guard` stands before all of them."""
