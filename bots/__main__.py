"""`python -m bots`: runs bots beside the chat, lists them, or tries one in the terminal."""

import argparse
import logging
import sys

from bots import catalogue, crew, rehearsal
from bots.catalogue import Entry
from bots.worker import RealChat
from chat import journal
from chat.backend import Backend
from chat.config import Config
from chat.errors import Refused
from ml import numbers


def main() -> None:
    options = _parser().parse_args()
    if options.list or options.inputs or options.fit:
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    else:
        journal.write(stream=sys.stderr)
    known = catalogue.entries()
    chosen = _choose(known, options.names)
    if options.list:
        _list(chosen)
    elif options.inputs:
        _try(chosen, options.inputs)
    elif options.fit:
        _fit(options.names, options.apply, options.k)
    else:
        _run(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bots", description="Runs bots beside the chat: all, or those named."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bot")
    parser.add_argument("--list", action="store_true", help="list the bots and their commands, then end")
    parser.add_argument(
        "--fit",
        action="store_true",
        help="fit the segments of the concierge here, beside the chat, and print what that would change; then end",
    )
    parser.add_argument("--apply", action="store_true", help="with --fit: use the new segments")
    parser.add_argument(
        "--k", type=int, choices=numbers.SEGMENT_KS, help="with --fit: how many; else it is chosen"
    )
    parser.add_argument(
        "--try",
        dest="inputs",
        nargs="+",
        metavar="INPUT",
        help="say a text or show a picture's file to one bot, here, without the chat; a text replies to the picture before it",
    )
    return parser


def _choose(known: dict[str, Entry], names: list[str]) -> list[Entry]:
    for name in names:
        if name not in known:
            _end(f"There is no bot {name!r}. There are: {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def _list(chosen: list[Entry]) -> None:
    for entry in chosen:
        print(f"{entry.name}: {entry.description}")
        width = max(len(command) for command, _what in entry.commands)
        for command, what in entry.commands:
            print(f"    {command:{width}}  {what}")


def _try(chosen: list[Entry], inputs: list[str]) -> None:
    if len(chosen) != 1:
        _end(f"--try wants one bot, as in `python -m bots {chosen[0].name} --try hello`.")
    try:
        for line in rehearsal.try_out(chosen[0], inputs):
            print(line, flush=True)
    except Exception as error:
        raise SystemExit(f"{chosen[0].name} failed: {error}") from None


def _fit(names: list[str], apply: bool, k: int | None) -> None:
    if names != ["concierge"]:
        _end("--fit is the concierge's: `python -m bots concierge --fit`.")
    from bots import concierge

    backend = Backend.open(crew.with_redis(Config.from_environment()))
    try:
        print(concierge.fit(RealChat(backend), apply, k))
    except Refused as refused:
        raise SystemExit(refused.detail) from None
    finally:
        backend.close()


def _run(chosen: list[Entry]) -> None:
    crew.run(Config.from_environment(), chosen)


def _end(line: str) -> None:
    print(line, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
