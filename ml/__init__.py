"""Picture classifiers, prepared from published weights or trained, and served without TensorFlow; groups of users who do alike.

>>> from ml.classify import Classifier
>>> model = Classifier.open("efficientnet-lite2")
>>> model.classify([open("cat.jpg", "rb").read()], top=1)
[[Label(label='Egyptian cat', probability=0.57)]]

A library and a command (`python -m ml --help`) that know nothing of the chat.
"""
