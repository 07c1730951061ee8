"""The command: `python -m ml --help`."""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ml import models, numbers
from ml.models import ModelError

DESCRIPTION = "Picture classifiers: prepare a model once, then ask it what is in your pictures."
MODEL = f"one of {', '.join(models.RECIPES)}; or a folder with a prepared model"


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if "run" not in chosen:
        parser.print_help()
        return 0
    try:
        return chosen.run(chosen)
    except ModelError as error:
        _complain(str(error))
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ml", description=DESCRIPTION)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    prepare = commands.add_parser(
        "prepare", help="make a model ready to serve, once", description=models.__doc__
    )
    prepare.add_argument(
        "model", nargs="?", default=models.DEFAULT, metavar="NAME", help=f"{MODEL} (%(default)s)"
    )
    prepare.set_defaults(run=_prepare)

    classify = commands.add_parser("classify", help="say what is in pictures")
    classify.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    classify.add_argument("--model", default=models.DEFAULT, metavar="M", help=f"{MODEL} (%(default)s)")
    classify.add_argument(
        "--top", type=_positive, default=numbers.TOP, metavar="N", help="labels a picture (%(default)s)"
    )
    classify.add_argument("--json", action="store_true", help="one JSON object a line")
    classify.set_defaults(run=_classify)

    for command in (prepare, classify):
        command.add_argument("--models", type=Path, metavar="DIR", help="where models lie (DATA_DIR/models)")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _prepare(chosen: argparse.Namespace) -> int:
    folder = models.prepare(chosen.model, chosen.models, say=_say)
    print(f"{chosen.model} is ready in {folder}")
    return 0


def _classify(chosen: argparse.Namespace) -> int:
    from ml.classify import Classifier

    warnings.simplefilter("ignore")  # Pillow's, on odd files: what matters is said below
    folder = models.prepare(chosen.model, chosen.models, say=_say)
    classifier = Classifier.open(folder)
    show = _show_json if chosen.json else _show
    unread: list[Path] = []
    pictures = _read(chosen.images, classifier, unread)
    while batch := list(islice(pictures, numbers.BATCH)):
        answers = classifier.classify([pixels for _, pixels in batch], chosen.top)
        for (path, _), labels in zip(batch, answers, strict=True):
            show(path, classifier, labels)
    return 1 if unread else 0


def _read(paths: list[Path], classifier, unread: list[Path]) -> Iterator[tuple]:
    """Each picture that can be read; the others are named on standard error and gathered in `unread`."""
    for path in paths:
        try:
            yield path, classifier.read(path.read_bytes())
        except OSError as error:
            _complain(f"{path}: {error.strerror or error}")
            unread.append(path)
        except ValueError as error:
            _complain(f"{path}: {error}")
            unread.append(path)


def _show_json(path: Path, classifier, labels: list) -> None:
    answer = {"image": str(path), "model": classifier.name, "labels": [label._asdict() for label in labels]}
    print(json.dumps(answer, ensure_ascii=False))


def _show(path: Path, classifier, labels: list) -> None:
    print(path if classifier.is_sure(labels) else f"{path} (not sure)")
    for label in labels:
        print(f"  {label.probability:6.1%}  {label.label}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _complain(line: str) -> None:
    _say(f"python -m ml: {line}")


if __name__ == "__main__":
    sys.exit(main())
