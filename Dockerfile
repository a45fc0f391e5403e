# syntax=docker/dockerfile:1
# The programs alone; mount or copy a project and name it in POTATO_CONFIG.

FROM rust:1.95-slim-bookworm AS build
# A C compiler and make for the bundled SQLite and the TLS library.
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked -p launcher -p annotator -p syncer \
    && install -D -m 0711 -t /out target/release/launcher target/release/annotator target/release/syncer

FROM debian:bookworm-slim
# ca-certificates: the Hub is reached over TLS.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 spud
# Programs that their user cannot read cannot be looked into by that user either, not even while they start.
COPY --from=build /out/ /usr/local/lib/spud/
COPY --chmod=0755 entrypoint /entrypoint
RUN install -d -o spud -g spud /project
USER spud
WORKDIR /project
ENV PORT=7860
EXPOSE 7860
ENTRYPOINT ["/entrypoint"]
