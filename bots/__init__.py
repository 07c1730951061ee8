"""Bots: one file each, run beside the chat by `python -m bots`. docs/bots.md tells how to write one.

Files in the folders that BOTS_PATH names (with colons between) are bots as well.
"""

import os

__path__ += [folder for folder in os.environ.get("BOTS_PATH", "").split(os.pathsep) if folder]
