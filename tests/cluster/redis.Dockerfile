# Redis for trials without Internet: Debian's, run as the published image is.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends redis-server && rm -rf /var/lib/apt/lists/* && \
    install --directory --owner 999 --group 999 /data
USER 999:999
