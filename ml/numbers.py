"""Every number that was chosen, with its reason. What the papers fix (layers, widths) stands with the networks."""

# Of what a picture's shorter side is scaled to, only this margin's inside is looked at: the reference scales to
# size + 32 and cuts size out (CROP_PADDING in the TPU repository's preprocessing.py), so 0.875 at 224 pixels.
CROP_MARGIN = 32

# Under this probability of the best label the answer is "not sure". There is no labelled picture set to tune it on
# here, so it is a judgement, and docs/models.md says on what: of the photographs at hand, those that show none of the
# thousand things reach up to 0.37. Trained with label smoothing, the nets are seldom wrong when they believe more.
UNSURE_BELOW = 0.4

# Larger pictures are refused before they are decoded: a megapixel takes 3 to 4 MB of memory. Pillow's own bound
# (a quarter of a GiB as RGB), and above any camera that phones have as long as they do not write their raw mode.
MAX_PIXELS = 89_478_485

# A JPEG is decoded at 1/2, 1/4 or 1/8 of its size where at least this many pixels are left for each that is looked
# at: a 12-megapixel photograph is read six times as fast (21 ms, not 133). tests/ml/test_pictures.py bounds what that changes.
DECODED_PER_PIXEL = 2

# Before the bicubic resize proper, a box filter may reduce a picture as long as this many pixels are left for each
# of the result: from 3 on, Pillow's documentation says, the difference cannot be seen.
REDUCING_GAP = 3.0

# Labels in an answer, as in ImageNet's top-5 error.
TOP = 5

# Threads of one classifier at most. A picture's layers are small: beyond four, threads wait more than they work.
MAX_THREADS = 4

# Pictures read ahead of the net by `python -m ml classify`, so that a thousand files do not lie in memory at once.
BATCH = 16
