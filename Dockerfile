# syntax=docker/dockerfile:1

# Builds the app for production: docker build --tag quick-start .
# script/test --only container runs the commands of the stage `build` in a debug build, and the
# result with the settings of the last stage.

ARG RUST_VERSION=1.95.0

# The tools. This layer changes with their versions only. xtask/src/set_up has the same versions.
FROM rust:${RUST_VERSION}-trixie AS tools
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binaryen \
    && rm -rf /var/lib/apt/lists/*
RUN rustup target add wasm32-unknown-unknown
RUN cargo install --locked cargo-leptos@0.3.6
# It reads only the output of the library with the same version, which is in Cargo.lock.
RUN cargo install --locked wasm-bindgen-cli@0.2.130

# The caches keep the compiled dependencies, even if Cargo.lock changes.
FROM tools AS build
WORKDIR /build
ARG OPTIONS="--release --precompress"
ARG PROFILE=release
ENV CARGO_TARGET_DIR=/build/target
ENV LEPTOS_SITE_ROOT=app/site
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    LEPTOS_HASH_FILE_NAME="$PWD/app/hash.txt" \
    cargo leptos build --project quick-start $OPTIONS \
    --bin-cargo-args=--locked --lib-cargo-args=--locked \
    && cp "$CARGO_TARGET_DIR/$PROFILE/quick-start" app/

# Neither a shell nor a package manager: the C library, certificates of authorities, time zones.
FROM gcr.io/distroless/cc-debian13:nonroot
WORKDIR /app
COPY --from=build /build/app/ ./
COPY Leptos.toml ./
ENV LEPTOS_ENV=PROD
ENV LEPTOS_HASH_FILES=true
ENV LEPTOS_OUTPUT_NAME=quick-start
ENV LEPTOS_SITE_ADDR=0.0.0.0:3000
ENV LEPTOS_SITE_ROOT=site
# The user nonroot, as a number: Kubernetes checks that it is not 0.
USER 65532:65532
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/app/quick-start", "--health"]
# Without a shell in between, the app gets SIGTERM and finishes the requests in flight.
ENTRYPOINT ["/app/quick-start"]
