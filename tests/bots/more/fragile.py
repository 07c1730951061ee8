"""Does to itself what one asks of it, so that the worker can be seen to survive.

Commands
    @fragile WORD       die, fail, sleep, count, away, shout, or anything else to hear it again

Examples
    ann: @fragile glass
    fragile: You said glass.

    ann: fragile
"""

import os
import signal
import time
from pathlib import Path

from bots.contract import Answer, Bot, Message
from chat.storage import StoreError


class Fragile(Bot):
    apology = "Sorry, it broke."

    def answer(self, messages: list[Message]) -> list[Answer | None]:
        words = [self.request(message) or "" for message in messages]
        with Path(os.environ["FRAGILE_JOURNAL"]).open("a") as journal:
            journal.write(" ".join(message["id"] for message in messages) + "\n")
        if "count" in words:
            return []
        return [self._answer(word) for word in words]

    def _answer(self, word: str) -> Answer | None:
        match word:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "fail":
                raise RuntimeError("asked to")
            case "sleep":
                time.sleep(2)
            case "away":
                raise StoreError("no pictures today")
            case "silence":
                return None
            case "shout":
                return Answer("A" * 20_000)
        return Answer(f"You said {word}.")
