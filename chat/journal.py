"""What a process writes about itself: one JSON object a line, for people with `jq` and for machines."""

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

FILE_LIMIT = 10_000_000  # bytes; two older files are kept

# Given a level, the loggers of Engine.IO and Socket.IO do not add a handler of their own, which writes plain lines.
CHATTY = ("alembic", "botocore", "boto3", "engineio.server", "socketio.server", "s3transfer", "urllib3")


def write(path: Path | None = None, stream: TextIO | None = None) -> None:
    """Write every record from INFO upwards to the file `path`, else to `stream`, by default standard output.

    What a record was given as `extra` (a request's or a socket's id, for example) is a field of its line.
    """
    handler: logging.Handler
    if path is None:
        handler = logging.StreamHandler(stream or sys.stdout)
    else:
        handler = RotatingFileHandler(path, maxBytes=FILE_LIMIT, backupCount=2, encoding="utf-8")
    handler.setFormatter(_formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _formatter() -> JsonFormatter:
    return JsonFormatter(
        "{levelname}{name}{process}{message}",
        style="{",
        timestamp="time",
        rename_fields={"levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )
