"""The command: `python -m ml --help`."""

import argparse
import json
import os
import sys
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ml import data, models, numbers
from ml.data import DataError
from ml.models import ModelError
from ml.plan import Plan, ResumeError, open_run

DESCRIPTION = (
    "Says what is in pictures, once a model is prepared or trained; finds groups of users who do alike."
)
MODEL = f"one of {', '.join(models.names())}; or a folder with a prepared model"


# What `train` can be told, and what for. Their defaults and the reasons of these are in ml/numbers.py.
HYPER_PARAMETERS = (
    ("depth", int, "8, 20, 32, 56, 110 for small pictures; 50, 101, 152 for large ones (20)"),
    ("norm", str, "batch, or group: group norm with weight standardization (batch)"),
    ("size", int, "the pictures' side in pixels (32)"),
    ("epochs", int, f"how often all pictures are learnt from ({numbers.EPOCHS})"),
    ("batch-size", int, f"pictures in one step ({numbers.BATCH_SIZE})"),
    ("learning-rate", float, f"at its highest ({numbers.LEARNING_RATE})"),
    ("weight-decay", float, f"of all but norms and biases ({numbers.WEIGHT_DECAY})"),
    ("label-smoothing", float, f"belief that is spread over all classes ({numbers.LABEL_SMOOTHING:g})"),
    ("mixup", float, f"alpha of the mixing; 0: none ({numbers.MIXUP:g})"),
    ("cut-out", float, f"side of the square that is covered, as part of the picture's ({numbers.CUT_OUT:g})"),
    ("shift", float, f"how far pictures are moved, as part of their side ({numbers.SHIFT:g})"),
    ("mirror", "yes or no", "show every other picture mirrored (yes)"),
    (
        "both-ways",
        "yes or no",
        "answer by the mean of a picture and its mirror image, at twice the cost (no)",
    ),
    ("validation", float, f"part of the pictures held back, to choose by ({numbers.VALIDATION})"),
    ("precision", str, "float32, bfloat16, float16; auto: float16 on a GPU, else float32 (auto)"),
    ("seed", int, f"of all chance ({numbers.SEED})"),
)


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

    train = commands.add_parser("train", help="train a ResNet-v2 on pictures of yours")
    train.add_argument(
        "data", metavar="DATA", help=f"a folder with one subfolder per class, or {data.FASHION_MNIST}"
    )
    train.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the run's folder, and then the model's"
    )
    train.add_argument("--resume", action="store_true", help="go on with the run in DIR that was cut off")
    train.add_argument("--limit", type=_positive, metavar="N", help="only the first N pictures")
    for name, kind, what in HYPER_PARAMETERS:
        values = (
            {"type": _yes_or_no, "metavar": "yes|no"}
            if kind == "yes or no"
            else {"type": kind, "metavar": "N"}
        )
        train.add_argument(f"--{name}", help=what, default=argparse.SUPPRESS, **values)
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="measure a model on labelled pictures")
    evaluate.add_argument("model", metavar="DIR", help=MODEL)
    evaluate.add_argument(
        "data",
        metavar="DATA",
        help=f"a folder with one subfolder per class, or {data.FASHION_MNIST}: its test pictures",
    )
    evaluate.add_argument("--limit", type=_positive, metavar="N", help="only the first N pictures")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.add_argument("--out", type=Path, metavar="DIR", help="for the figures (the model's folder)")
    evaluate.set_defaults(run=_evaluate)

    segment = commands.add_parser("segment", help="find groups of users who do alike")
    segment.add_argument("csv", type=Path, metavar="CSV", help="with the columns user, item and quantity")
    segment.add_argument("--out", type=Path, required=True, metavar="DIR", help="for the tables and figures")
    segment.add_argument(
        "--k",
        type=_segments,
        default=None,
        metavar="N|auto",
        help="how many segments (auto: by silhouette and stability)",
    )
    segment.set_defaults(run=_segment)

    for command in (prepare, classify, evaluate):
        command.add_argument("--models", type=Path, metavar="DIR", help="where models lie (DATA_DIR/models)")
    return parser


def _train(chosen: argparse.Namespace) -> int:
    given = {name.replace("-", "_") for name, _, _ in HYPER_PARAMETERS} & vars(chosen).keys()
    left_out: list[str] = []
    try:
        plan = Plan(**{name: getattr(chosen, name) for name in given})
        whole = open_run(chosen.data, chosen.out, plan, chosen.limit, chosen.resume, left_out.append)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its notices, which are many
        from ml.train import train

        train(whole, chosen.data, chosen.out, plan, chosen.resume, _say)
    except (DataError, ResumeError, ValueError) as error:
        _complain(str(error))
        return 1
    print(f"{chosen.out} can be served: python -m ml classify --model {chosen.out} IMAGE")
    return _tell(left_out)


def _evaluate(chosen: argparse.Namespace) -> int:
    from ml.classify import Classifier
    from ml.evaluate import evaluate, write

    folder = models.prepare(chosen.model, chosen.models, say=_say)
    out = chosen.out or folder
    left_out: list[str] = []
    try:
        report = evaluate(Classifier.open(folder), chosen.data, chosen.limit, left_out.append)
        write(report, out)
    except (DataError, OSError) as error:
        _complain(str(error))
        return 1
    if chosen.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _show_report(report.as_json(), out)
    return _tell(left_out)


def _show_report(found: dict, out: Path) -> None:
    low, high = found["interval"]
    print(f"{found['model']} ({found['version']}) on {found['n']:,} pictures ({found['fingerprint'][:12]})")
    print(f"accuracy            {found['accuracy']:.2%}   (95 % interval: {low:.2%} to {high:.2%})")
    print(f"calibration error   {found['ece']:.2%}   ({found['ece_before']:.2%} before scaling)")
    print(
        f"sure                {found['sure']:.1%} of the answers, and right in {found['precision_when_sure']:.2%}"
    )
    print(f"speed               {found['images_per_s']:,.0f} images/s")
    print(f"\n{'class':24} precision  recall")
    for name, part in found["classes"].items():
        print(f"{name:24} {part['precision']:9.1%} {part['recall']:7.1%}")
    print(f"\nFigures: {out / 'confusion.png'}, {out / 'reliability.png'}")


def _tell(left_out: list[str]) -> int:
    for line in left_out:
        _complain(line)
    return 1 if left_out else 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither yes nor no")
    return text == "yes"


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


def _segments(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdigit() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"{text!r}: a number from 2 on, or auto, is wanted")
    return int(text)


def _segment(chosen: argparse.Namespace) -> int:
    from ml import segment, segments_report

    try:
        counts, problems = segment.read(chosen.csv)
        found = segment.fit(counts, chosen.k)
    except (segment.TooLittleData, OSError, ValueError) as error:  # a wrong encoding is a ValueError, too
        _complain(str(error))
        return 1
    for line in segments_report.write(counts, found, chosen.out):
        print(line)
    for problem in problems:
        _complain(f"{problem}; left out")
    return 1 if problems else 0


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
