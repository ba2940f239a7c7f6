# syntax=docker/dockerfile:1
# One-shot: makes topics, applies migrations, makes keys for the projects that have none. Safe to run again.
#   docker build -f deploy/docker/setup.Dockerfile -t rollcall/setup .
ARG NODE_IMAGE=node:24-slim

# Manifests by themselves: the layer with the packages is made anew only when one of them changes.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /context
COPY . .
RUN mkdir /manifests && find . -name package.json -exec cp --parents {} /manifests \;

FROM ${NODE_IMAGE}
ENV NODE_ENV=production CATALOGUE_DIR=/app/catalogue ROLLCALL_KEYRING_FILE=/keys/keyring.json
WORKDIR /app
COPY --from=manifests /manifests ./
COPY package-lock.json .npmrc ./
# Run from its sources: Node removes the types itself, and a job that runs once needs no bundle. Optional packages are
# the embedded engine, which has no place here.
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --omit=optional --workspace=@rollcall/cli --workspace=@rollcall/keys \
  && npm cache clean --force
COPY libs libs
COPY apps/cli apps/cli
COPY catalogue catalogue
RUN install -d -o node -g node -m 0700 /keys
VOLUME /keys
USER node
CMD ["node", "apps/cli/bin/rollcall.mjs", "setup"]
