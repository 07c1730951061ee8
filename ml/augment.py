"""Pictures as a network in training sees them: moved, mirrored, partly covered, mixed. TensorFlow, batch by batch.

All chance comes from `seed`, so that a batch is the same whenever it is made. Pictures are float32, (n, side, side, 3),
normalised to -1…1: black is -1, grey is 0.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

Tensor = Any
BLACK, GREY = -1.0, 0.0


def shift(pictures: Tensor, most: int, seed: Tensor) -> Tensor:
    """Move each picture by up to `most` pixels in both directions; what moves in from outside is black."""
    count, side = tf.shape(pictures)[0], pictures.shape[1]
    padded = tf.pad(pictures, [[0, 0], [most, most], [most, most], [0, 0]], constant_values=BLACK)
    corners = tf.random.stateless_uniform((2, count, 1), seed, 0, 2 * most + 1, tf.int32)
    rows, columns = corners[0] + tf.range(side), corners[1] + tf.range(side)
    return tf.gather(tf.gather(padded, rows, axis=1, batch_dims=1), columns, axis=2, batch_dims=1)


def mirror(pictures: Tensor, seed: Tensor) -> Tensor:
    """Every other picture, by chance, left for right."""
    coins = tf.random.stateless_uniform((tf.shape(pictures)[0], 1, 1, 1), seed) < 0.5
    return tf.where(coins, tf.reverse(pictures, [2]), pictures)


def cut_out(pictures: Tensor, side: int, seed: Tensor) -> Tensor:
    """Cover a square about any point of each picture with grey (DeVries and Taylor 2017,
    https://arxiv.org/abs/1708.04552).
    """
    count, whole = tf.shape(pictures)[0], pictures.shape[1]
    centres = tf.random.stateless_uniform((2, count, 1), seed, 0, whole, tf.int32)
    covered = tf.abs(tf.range(whole) - centres) * 2 < side  # (2, count, whole): rows, and columns
    square = covered[0][:, :, None, None] & covered[1][:, None, :, None]
    return tf.where(square, GREY, pictures)


def mix(pictures: Tensor, truths: Tensor, alpha: float, seed: Tensor) -> tuple[Tensor, Tensor]:
    """Lay each picture over another one, and their truths alike (Zhang et al. 2018, https://arxiv.org/abs/1710.09412).

    Args:
        truths: (n, classes), each row adding up to 1.
        alpha: of the beta distribution from which the batch's share is drawn; small: nearly one or the other.
    """
    draws = tf.random.stateless_gamma((2,), seed, alpha)
    share = draws[0] / (draws[0] + draws[1])
    shown, known = (share * each + (1 - share) * tf.reverse(each, [0]) for each in (pictures, truths))
    return shown, known
