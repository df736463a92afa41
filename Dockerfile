# syntax=docker/dockerfile:1

# Built on the machine's own architecture, for whichever is asked for: nothing runs in an emulator.
FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS build
WORKDIR /src
# The tools first: they change with the lockfile only.
COPY package.json package-lock.json .npmrc ./
COPY bin/platforms.json bin/
COPY scripts/bootstrap.mjs scripts/node-version.mjs scripts/
RUN node scripts/bootstrap.mjs tools
COPY . .
ARG TARGETARCH
RUN node_modules/.bin/bun scripts/build.ts linux-${TARGETARCH:-$(uname -m)}

# glibc, which the program is linked to. The certificates are for TLS to the database.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bmfote && install --directory --owner=bmfote --mode=0700 /data
COPY --from=build /src/dist/bmfote /usr/local/bin/bmfote
COPY LICENSE /usr/share/doc/bmfote/LICENSE
ENV HOME=/data BMFOTE_HOME=/data
WORKDIR /data
USER bmfote
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["bmfote", "server", "status"]
ENTRYPOINT ["bmfote"]
CMD ["server", "start", "--host", "0.0.0.0"]
