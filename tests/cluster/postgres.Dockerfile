# PostgreSQL for trials without Internet: Debian's, with the account that the published image has.
FROM debian:bookworm-slim
RUN groupadd --gid 999 postgres && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql postgres && \
    apt-get update && apt-get install -y --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/* && \
    install --directory --owner 999 --group 999 --mode 0700 /var/lib/postgresql/data
ENV PATH="/usr/lib/postgresql/15/bin:$PATH"
USER 999:999
