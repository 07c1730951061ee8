"""Real processes, real faults: is anything that was acknowledged ever lost? docs/reliability.md tells."""
