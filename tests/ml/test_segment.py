"""Segments: planted groups are found again, keep their names, and say what they are."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from ml import segment
from ml.__main__ import main
from ml.segment import Counts, TooLittleData

ROOMS = ("cooking", "cats", "chess", "travel", "music", "maths", "films", "garden")


def planted(sizes, seed=1, acts=(15, 80), noise=0.15, items=ROOMS):
    """Counts of people who are mostly in one or two rooms, by group, and otherwise anywhere; and their groups."""
    chance = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    shares = np.full((len(sizes), len(items)), noise / len(items))
    for group in range(len(sizes)):
        shares[group, group] += 0.7 * (1 - noise)
        shares[group, (group + 1) % len(items)] += 0.3 * (1 - noise)
    rows = [chance.multinomial(chance.integers(*acts), shares[group]) for group in truth]
    users = tuple(f"user{n}" for n in range(len(truth)))
    return Counts(users, items, ("rooms",) * len(items), sparse.csr_array(np.array(rows, float))), truth


@pytest.mark.parametrize("sizes", [(40, 40, 40), (120, 30, 15), (60, 50, 40, 30, 20, 12)])
def test_planted_groups_are_found_again_and_their_number_too(sizes):
    counts, truth = planted(sizes)
    found = segment.fit(counts)
    belongs = found.assign(counts)
    assert found.k == len(sizes), found.curve
    assert adjusted_rand_score(truth, belongs.segment) > 0.95
    assert (belongs.own <= belongs.next).all()
    newcomers, theirs = planted(sizes, seed=2)
    assert adjusted_rand_score(theirs, found.assign(newcomers).segment) > 0.95


def test_the_curve_says_why_k_was_chosen():
    found = segment.fit(planted((40, 40, 40))[0])
    best = max(found.curve, key=lambda choice: choice.score)
    assert (found.k, best.k) == (3, 3) and best.stability > 0.95
    assert [choice.k for choice in found.curve] == list(range(2, 9))
    assert segment.fit(planted((40, 40, 40))[0], k=4).curve == ()


def test_one_fit_is_like_the_next_one():
    counts, _ = planted((40, 30, 20))
    first, second = segment.fit(counts, 3), segment.fit(counts, 3)
    assert np.array_equal(first.centres, second.centres)


def test_it_is_as_good_as_the_best_of_fifty_starts():
    counts, _ = planted((60, 50, 40, 30, 20, 12), noise=0.5)
    for k in (3, 6, 8):
        found = segment.fit(counts, k)
        best = KMeans(k, n_init=50, random_state=7).fit(found.recipe.features(counts))
        assert found.inertia <= 1.01 * best.inertia_


def test_segments_keep_their_names_while_people_go_on():
    """Ten refits, each with a twentieth of the activity new, and each with its centres in another order."""
    counts, _ = planted((60, 50, 40))
    found = segment.fit(counts, 3)
    belongs = found.assign(counts).segment
    for week in range(10):
        more, _ = planted((60, 50, 40), seed=week + 10, acts=(1, 4))
        counts = replace(counts, matrix=counts.matrix + more.matrix)
        refit = segment.fit(counts, 3)
        shuffled = replace(refit, centres=refit.centres[::-1])
        found = segment.match(found, shuffled)
        now = found.assign(counts).segment
        assert segment.churn(belongs, now) < 0.05
        belongs = now


def test_a_segment_that_was_not_there_gets_a_name_of_its_own():
    """Those who were in chess and travel are gone, and others are in the garden."""
    before, truth = planted((40, 40, 40))
    new = Counts.of([(f"new{n}", "garden", 30.0 + n) for n in range(40)])
    rows = [*_rows(before.only(truth < 2)), *_rows(new)]
    first = segment.fit(before, 3)
    second = segment.match(first, segment.fit(Counts.of(rows, dict.fromkeys(ROOMS, "rooms")), 3))
    [gone] = set(first.ids) - set(second.ids)
    [fresh] = set(second.ids) - set(first.ids)
    assert gone == first.assign(before).segment[-1]
    assert second.tells()[fresh][0][0] == "garden"
    assert (fresh, second.next_id) == (4, 5)


def _rows(counts):
    table = counts.matrix.tocoo()
    return [
        (counts.users[user], counts.items[item], float(value))
        for user, item, value in zip(table.row, table.col, table.data, strict=True)
    ]


def test_each_segment_says_what_tells_it_from_the_rest():
    counts, _ = planted((40, 40, 40))
    found = segment.fit(counts, 3)
    best = {features[0][0] for features in found.tells().values()}
    assert best <= {"cooking", "cats", "chess", "travel"} and len(best) == 3


def test_heat_is_what_a_member_does_in_the_mean():
    rows = [("a", "x", 4), ("b", "x", 2), ("c", "x", 1), ("c", "y", 6), ("d", "z", 9)]
    counts = Counts.of(rows)
    shares = segment.heat(counts, np.array([1, 1, 2, segment.NONE]), (1, 2))
    assert shares == pytest.approx(np.array([[0.75, 0.25], [0, 1], [0, 0]]))


def test_who_did_too_little_belongs_nowhere():
    counts, _ = planted((40, 40, 40))
    matrix = counts.matrix.tolil()
    matrix[0] = 0
    matrix[1] = [1, 0, 0, 0, 0, 0, 0, 0]
    counts = replace(counts, matrix=matrix.tocsr())
    found = segment.fit(counts, 3, least=5)
    assert found.users == 118
    assert list(found.assign(counts, least=5).segment[:2]) == [segment.NONE, segment.NONE]
    assert found.assign(counts).segment[0] == segment.NONE != found.assign(counts).segment[1]


def test_what_few_do_is_pooled_and_what_came_later_too():
    counts, _ = planted((40, 40, 40))
    recipe = segment.Recipe.of(counts, most=4)
    assert len(recipe.columns) == 5 and recipe.columns[-2:] == ("(other rooms)", "(amount)")
    later = Counts.of([("zoe", "a new room", 20)], {"a new room": "rooms"})
    assert recipe.features(later)[0, 3] == 1
    strange = Counts.of([("zoe", "anything", 20)])
    assert not recipe.features(strange)[0, :4].any()


def test_what_is_done_once_counts_less_than_what_is_done_often_but_not_a_hundred_times_less():
    recipe = segment.Recipe.of(planted((40, 40, 40))[0])
    one, many = (
        recipe.features(Counts.of([("a", "cats", n), ("a", "chess", 1)], dict.fromkeys(ROOMS, "rooms")))
        for n in (1, 100)
    )
    cats, chess = recipe.columns.index("cats"), recipe.columns.index("chess")
    assert one[0, cats] == pytest.approx(one[0, chess], rel=0.3)
    assert 4 < many[0, cats] / many[0, chess] < 10
    assert np.linalg.norm(many[0, :-1]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("rows", "k", "said"),
    [
        ([], None, "0 users who did enough"),
        ([("a", "x", 1), ("b", "y", 1)], 3, "2 users who did enough"),
        ([(f"u{n}", "x", 1) for n in range(30)], 2, "only 1 kinds"),
    ],
)
def test_too_little_data_is_said_so(rows, k, said):
    with pytest.raises(TooLittleData, match=said):
        segment.fit(Counts.of(rows), k)


def test_rows_that_do_not_parse_are_named_and_the_rest_is_read(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(
        "user,item,quantity,note\na,x,2,\na,x,1.5,\n,x,1,\nb,,1,\nb,y,many,\nb,y,-1,\nb,y,nan,\nb,y\nb,y,0,\n"
    )
    counts, problems = segment.read(file)
    assert counts.users == ("a", "b") and counts.totals() == pytest.approx([3.5, 0])
    assert [problem.partition("csv, ")[2] for problem in problems] == [
        "line 4: user is empty",
        "line 5: item is empty",
        "line 6: quantity 'many' is no number",
        "line 7: quantity -1: 0 or more is wanted",
        "line 8: quantity nan: 0 or more is wanted",
        "line 9: quantity '' is no number",
    ]
    file.write_text("user;item;quantity\n")
    with pytest.raises(ValueError, match="no column 'user'"):
        segment.read(file)


def test_the_command_writes_what_the_fit_saw_and_found(tmp_path, capsys):
    counts, truth = planted((40, 30, 30))
    file, out = tmp_path / "counts.csv", tmp_path / "out"
    lines = [f"{user},{item},{quantity}" for user, item, quantity in _rows(counts)]
    file.write_text("\n".join(["user,item,quantity", *lines, "idle,cats,0", "broken,cats,x"]))
    assert main(["segment", str(file), "--out", str(out), "--k", "3"]) == 1
    printed, complained = capsys.readouterr()
    assert "line 603: quantity 'x' is no number; left out" in complained.replace(str(len(lines) + 3), "603")
    told = dict(line.split(": ", 1) for line in printed.splitlines())
    assert (told["k"], told["users"]) == ("3", "100 (1 did nothing)")
    features, segments, shares = (_table(out / name) for name in ("features.csv", "segments.csv", "heat.csv"))
    assert [row["user"] for row in features] == list(counts.users)
    seen = np.array([[float(value) for name, value in row.items() if name != "user"] for row in features])
    assert KMeans(3, n_init=50, random_state=7).fit(seen).inertia_ == pytest.approx(
        float(told["inertia"]), rel=0.01
    )
    assert adjusted_rand_score(truth, [row["segment"] for row in segments[:-1]]) > 0.95
    assert segments[-1] == {"user": "idle", "segment": "", "distance": ""}
    squared = sum(float(row["distance"]) ** 2 for row in segments[:-1])
    assert squared == pytest.approx(float(told["inertia"]), rel=1e-4)
    for row in shares:
        assert sum(float(value) for name, value in row.items() if name != "item") == pytest.approx(1)
    assert {path.name for path in out.glob("*.png")} == {"heat.png", "segments.png"}


def _table(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [("user,item\na,x\n", "no column 'quantity'"), ("user,item,quantity\na,x,1\n", "1 users who did enough")],
)
def test_what_cannot_be_segmented_is_said_in_a_line(tmp_path, capsys, text, said):
    file = tmp_path / "counts.csv"
    file.write_text(text)
    assert main(["segment", str(file), "--out", str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
