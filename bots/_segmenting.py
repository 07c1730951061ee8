"""From what people did to segments, and what a new fit would change: `ml.segment` on the counts of the chat."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from chat.activity import Item
from chat.desk import Desk
from chat.fits import ACTS, Run
from ml import segment
from ml.segment import NONE, Counts, Segmentation

GROUPS = 3  # in which each act is counted once: kinds, rooms, hours
MOST_MOVED = 0.2  # share of people beyond which a fit that nobody asked for waits for a moderator
NEWCOMERS = 500  # that are assigned in one go
POPULAR = 3  # rooms that are kept of each segment
NAME_LENGTH = 60
KINDS = {"texts": "Talkers", "pictures": "Picture posters", "replies": "Repliers", "reactions": "Reactors"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proposal:
    """What a fit would change.

    Attributes:
        segmentation: the fit, its segments named as before where they are the same.
        people: (user, segment, distance to its centre, distance to the next one's) of those who belong somewhere.
        report: figures, as `chat.fits` keeps them.
    """

    segmentation: Segmentation
    people: list[tuple[int, int, float, float]]
    report: dict[str, Any]

    @property
    def moved(self) -> float:
        """The share of people who belong elsewhere than before."""
        return float(self.report["moved"])


class Fitter:
    """Makes runs, and assigns who comes between two of them."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._model: tuple[int, Segmentation] | None = None  # of the run in use

    def make(self, run: Run) -> None:
        """Make a run that was taken, and apply it unless that is for somebody else to say."""
        fits = self._desk.fits
        counts = counts_of(self._desk.done())
        current = self._current()
        before, compared_with = (current[1], current[0]) if current else (None, None)
        try:
            # what a moderator has let be applied, else a new fit; on what people did until now
            found = Segmentation.from_bytes(run.model) if run.model else fit(counts, run.wanted_k, before)
        except segment.TooLittleData as error:
            problem = {"code": "too_little_data", "detail": f"{str(error)[0].upper()}{str(error)[1:]}."}
            fits.end(run, "failed", None, {"error": problem}, None)
            return
        proposal = propose(counts, found, fits.belonging(), fits.names(), self._desk.room_names())
        model = found.to_bytes()
        if run.dry_run:
            fits.end(run, "proposed", compared_with, proposal.report, None)
        elif run.scheduled and run.model is None and before and proposal.moved > MOST_MOVED:
            fits.end(run, "waiting", compared_with, proposal.report, model)
        elif fits.apply(run, compared_with, proposal.report, model, proposal.people):
            logger.info("Run %d: %d segments of %d people", run.id, found.k, len(proposal.people))

    def take_in_newcomers(self) -> None:
        """Who has done enough by now belongs somewhere at once; all others stay where they are until the next fit."""
        current = self._current()
        if current and (newcomers := self._desk.unplaced(NEWCOMERS)):
            counts = counts_of(self._desk.done(newcomers))
            self._desk.fits.add(people_of(counts, current[1]))

    def _current(self) -> tuple[int, Segmentation] | None:
        """The run in use, and its fit."""
        kept = self._desk.fits.current()
        if kept and (self._model is None or self._model[0] != kept[0]):
            self._model = kept[0], Segmentation.from_bytes(kept[1])
        return self._model if kept else None


def counts_of(done: Iterable[tuple[int, Item, int]]) -> Counts:
    """Users × items; items are kinds, rooms and hours of the day, each a group of its own."""
    # in order: the same counts make the same segments, however the database lists them
    rows = [(str(user), str(item), float(times)) for user, item, times in sorted(done)]
    return Counts.of(rows, {item: item.partition(":")[0] for _user, item, _times in rows})


def fit(counts: Counts, k: int | None, before: Segmentation | None) -> Segmentation:
    """Segments of those who did enough; those that are as before keep their ids.

    Raises:
        segment.TooLittleData: there are not enough of them.
    """
    found = segment.fit(counts, k, least=GROUPS * ACTS)
    return segment.match(before, found) if before else found


def propose(
    counts: Counts,
    found: Segmentation,
    belonged: dict[int, int],
    names: dict[int, str],
    rooms: dict[str, str],
) -> Proposal:
    """What a fit would change.

    Args:
        belonged: {user: segment} as it is now.
        names: of all segments that there have been.
        rooms: names of public rooms, by id.
    """
    belongs = found.assign(counts, least=GROUPS * ACTS)
    users = [int(user) for user in counts.users]
    before = np.array([belonged.get(user, NONE) for user in users], int)
    after = belongs.segment
    sizes, sizes_before = Counter(after.tolist()), Counter(belonged.values())
    moves = Counter(zip(before.tolist(), after.tolist(), strict=True))
    silent = belonged.keys() - set(users)
    moves.update((belonged[user], NONE) for user in silent)
    taken = {name: id_ for id_, name in names.items() if id_ in found.ids}
    tells = found.tells()
    described = []
    for id_ in found.ids:
        name = names.get(id_) or _free(name_of(tells[id_], rooms), taken)
        taken[name] = id_
        one = {
            "id": id_,
            "name": name,
            "size": sizes[id_],
            "before": sizes_before[id_],
            "telling": tells[id_],
        }
        described.append(one)
    report = {
        "k": found.k,
        "silhouette": found.silhouette,
        "users": found.users,
        "moved": segment.churn(before, after),
        "curve": [vars(choice) for choice in found.curve],
        "segments": described,
        "flows": [
            [from_ if from_ != NONE else None, to if to != NONE else None, people]
            for (from_, to), people in sorted(moves.items())
            if from_ != to
        ],
        "medians": _medians(counts, after),
        "popular": {str(id_): _popular(counts, after == id_, rooms) for id_ in found.ids},
    }
    return Proposal(found, people_of(counts, found), report)


def people_of(counts: Counts, found: Segmentation) -> list[tuple[int, int, float, float]]:
    """(user, segment, distance to its centre, to the next one's) of those who did enough."""
    belongs = found.assign(counts, least=GROUPS * ACTS)
    rows = zip(
        counts.users, belongs.segment.tolist(), belongs.own.tolist(), belongs.next.tolist(), strict=True
    )
    return [(int(user), id_, own, next_) for user, id_, own, next_ in rows if id_ != NONE]


def name_of(telling: list[tuple[str, float]], rooms: dict[str, str]) -> str:
    """A name from the features that tell a segment from all.

    >>> name_of([("kind:pictures", 1.9), ("room:4", 1.2), ("hours:8", 0.3)], {"4": "Photography"})
    'Picture posters in Photography'
    >>> name_of([("room:4", 1.2)], {"4": "Photography"})
    'Photography regulars'
    """
    strong = [Item.read(name) for name, above in telling if above >= telling[0][1] / 2]
    kind = next((KINDS[item.key] for item in strong if item.group == "kind"), None)
    room = next((rooms[item.key] for item in strong if item.group == "room" and item.key in rooms), None)
    hours = next((item.in_words(rooms) for item in strong if item.group == "hours"), None)
    if kind and room:
        return f"{kind} in {room}"[:NAME_LENGTH]
    if room:
        return f"{room[: NAME_LENGTH - 9]} regulars"
    return kind or (f"Active {hours}" if hours else "Everybody else")


def _free(name: str, taken: dict[str, int]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: NAME_LENGTH - 4]} {number}"
    return free


def _medians(counts: Counts, belongs: np.ndarray) -> dict[str, float]:
    """How often people do each thing: of those who belong somewhere. What most never do is left out: its median is 0."""
    there = counts.only(belongs != NONE)
    columns = there.matrix.tocsc()
    found = {}
    for n, item in enumerate(there.items):
        column = columns[:, [n]].toarray().ravel()
        if (median := float(np.median(column))) > 0:
            found[item] = median
    return found


def _popular(counts: Counts, members: np.ndarray, rooms: dict[str, str]) -> list[tuple[str, float]]:
    """The rooms where most of a segment's people are active, and what share of them."""
    mine = counts.matrix[np.flatnonzero(members)]
    shares = np.asarray((mine > 0).sum(axis=0)).ravel() / max(1, mine.shape[0])
    found = [
        (item.removeprefix("room:"), float(share))
        for item, share in zip(counts.items, shares, strict=True)
        if item.startswith("room:") and item.removeprefix("room:") in rooms and share > 0
    ]
    return sorted(found, key=lambda one: -one[1])[:POPULAR]
