# A static binary in an image with nothing else:
#   docker build -t unstick .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/site" unstick build
FROM rust:1-alpine AS build
RUN apk add --no-cache musl-dev gcc make
WORKDIR /source
COPY . .
RUN cargo build --release --locked && strip target/release/unstick

FROM scratch
COPY --from=build /source/target/release/unstick /unstick
USER 65534:65534
WORKDIR /site
ENTRYPOINT ["/unstick"]
