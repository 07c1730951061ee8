"""Where in a picture a label was found, painted over it.

Both families of networks here end in the mean over places and one matrix. For these, Grad-CAM (Selvaraju et al. 2017,
https://arxiv.org/abs/1610.02391) is the class activation map of Zhou et al. 2016 (https://arxiv.org/abs/1512.04150): what
each place adds to the label's logit. It needs no gradients, only the last layer's matrix.
"""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from ml import numbers, pictures
from ml.classify import Classifier

# matplotlib's "inferno" at five places: it grows in lightness, so that it can be read without seeing colours.
RAMP = np.array([(0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164)], np.float64)
LUMA = np.array((0.299, 0.587, 0.114))  # of red, green and blue in how light a pixel is: ITU-R BT.601


def explain(classifier: Classifier, picture: bytes, label: str) -> bytes:
    """A picture as the model looks at it, with what speaks for a label painted over.

    Returns:
        a JPEG, square; dark and clear where nothing speaks for the label, yellow where most does.

    Raises:
        ValueError: it is no picture, or broken; or the model has no such label.
    """
    evidence = classifier.evidence(classifier.read(picture), label)
    expected = replace(classifier.preprocessing, size=max(numbers.PAINTED, classifier.preprocessing.size))
    painted = paint(pictures.square(picture, expected), evidence)
    file = io.BytesIO()
    Image.fromarray(painted).save(file, "JPEG", quality=90)
    return file.getvalue()


def paint(square: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Evidence over a picture without its colours.

    Args:
        square: uint8, (size, size, 3).
        evidence: float, (side, side); what speaks against the label, below 0, is left out, as Grad-CAM does.

    Returns:
        uint8, (size, size, 3).
    """
    found = np.maximum(evidence, 0)
    found = found / max(found.max(), 1e-9)
    smooth = Image.fromarray(found.astype(np.float32)).resize(square.shape[:2], Image.Resampling.BICUBIC)
    heat = np.clip(np.asarray(smooth, np.float64), 0, 1)[..., np.newaxis]
    places = np.linspace(0, 1, len(RAMP))
    colours = np.concatenate([np.interp(heat, places, RAMP[:, channel]) for channel in range(3)], axis=2)
    grey = square @ LUMA  # the only colours are those of the heat
    share = numbers.PAINT * (0.5 + 0.5 * heat)
    return np.rint(grey[..., np.newaxis] * (1 - share) + colours * share).astype(np.uint8)
