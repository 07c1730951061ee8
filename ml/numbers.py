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

# Side of a picture that evidence is painted over, in pixels: large enough to be looked at beside the picture itself.
PAINTED = 480

# How much of a pixel is paint where all speaks for a label; half of that where nothing does. So the picture is seen
# through it, and the place is.
PAINT = 0.7


# Training. Chosen for small pictures; `python -m ml train --help` lists those that can be given.

# He et al. 2016 for CIFAR: SGD with momentum, 0.1 for batches of 128. Nesterov's form, as in Wide ResNets.
BATCH_SIZE = 128
LEARNING_RATE = 0.1
MOMENTUM = 0.9

# Wide ResNets' number for CIFAR (Zagoruyko and Komodakis 2016, https://arxiv.org/abs/1605.07146). Keras takes it from the
# weights themselves, apart from the gradient, so momentum does not multiply it: ten times as much acts about as theirs does.
# Not of norms and biases.
WEIGHT_DECAY = 5e-3

# Part of the steps in which the rate rises from nothing: a fresh network's first gradients are large. It then falls
# along a cosine to nothing (Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983).
WARM_UP = 0.05

EPOCHS = 60

# As in He et al.: what is shown is moved by up to four pixels of 32 and mirrored every other time.
SHIFT = 1 / 8
MIRROR = True

# Whether it answers by the mean of a picture and its mirror image. It is right a little more often, and surer with reason,
# at twice the cost: worth it for small pictures, and only for what looks alike from both sides.
BOTH_WAYS = False

# Not by themselves: each helps a network that is large for its data, and harms one that is small.
LABEL_SMOOTHING = 0.0
MIXUP = 0.0
CUT_OUT = 0.0

# Part of the training pictures that is held back, to choose the best epoch and the temperature by.
VALIDATION = 0.1

SEED = 1


# Judging.

# Bins of the reliability diagram and of the calibration error; as in Guo et al. 2017.
BINS = 15

# Temperatures that are looked at: beyond them a network is not miscalibrated but broken.
TEMPERATURES = (0.05, 20.0)

# How often an answer that is given as sure is to be right: wrong once in fifty does not annoy.
PRECISION = 0.98

# By how much int8 may be worse than fp32 on the pictures held back, as a share: a model that loses more is not left.
INT8_LOSS = 0.005

# Pictures from which int8's ranges are read; LiteRT's guide asks for 100 to 500.
INT8_PICTURES = 500


# Teaching.

# Pictures from which a label can be taught: with fewer, leaving one out leaves hardly anything to learn from.
TAUGHT_BY = 3

# Parts that are left out in turn to see what a head is worth; each label has at least as many pictures as it takes to
# be in most of them.
FOLDS = 5

# Pictures of other things that a trained model keeps the features of. Of EfficientNet there are 88 (ml/backgrounds).
BACKGROUND = 100

# Belief in what is true is not counted as less than this: one surprise does not outweigh all else.
LEAST_BELIEF = 1e-3

# Of a head's descent: it has come to rest after these steps (loss within 1 % of the least). The decay was
# chosen among 1e-2, 1e-3 and 1e-4 on Fashion-MNIST's test pictures as EfficientNet-Lite2 sees them: five each of two
# classes, twenty times; all three name 97 to 98 % of the others rightly, the last one is surest of it.
HEAD_STEPS = 300
HEAD_RATE = 2.0
HEAD_DECAY = 1e-4


# Segments.

# What k is chosen from. More than eight groups nobody keeps apart by name.
SEGMENT_KS = range(2, 9)

# K-means++ starts of which the best counts: K-means finds a local optimum. Ten come within 1 % of the best of fifty
# on all data here (tests/ml/test_segment.py).
SEGMENT_STARTS = 10

# Items of a group with a column of their own. Distances in more dimensions tell less apart, and an item that few
# users have says little about most.
SEGMENT_COLUMNS = 32

# How much a standard deviation of activity counts, where all that somebody does has length 1: what somebody does comes
# first, and among those who do the same, how much. Of 0.1, 0.15 and 0.25 the largest split one large planted group in
# two by how much its people wrote, and left two small ones together.
SEGMENT_AMOUNT = 0.1

# Of the numbers of segments that score nearly as well as the best, the largest is chosen: one more group that is really
# there costs little silhouette when it is small, and is what a moderator wants to see.
SEGMENT_NEARLY = 0.95

# Users from which K-means may take more than one thread. Few users are done before threads have met: of 57, choosing k
# took 1.0 s with one thread and 12.5 s with two on a machine that was busy otherwise.
SEGMENT_THREADED = 20_000

# Users of whom the silhouette is taken (it compares all pairs), and a tenth of those by which k is chosen.
SEGMENT_SAMPLE = 2_000

# Resamples by which the stability of k is judged, and which part of the users each has.
SEGMENT_RESAMPLES = 5
SEGMENT_RESAMPLED = 0.8

# Features that are named for each segment.
SEGMENT_TELLING = 3
