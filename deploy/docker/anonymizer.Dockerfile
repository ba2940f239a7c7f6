# syntax=docker/dockerfile:1
# The anonymizer: raw topic to anonymized topic. The keyring is mounted, never built in.
#   docker build -f deploy/docker/anonymizer.Dockerfile -t rollcall/anonymizer .
ARG NODE_IMAGE=node:24-slim

# Manifests by themselves: the layer with the packages is made anew only when one of them changes.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /context
COPY . .
RUN mkdir /manifests && find . -name package.json -exec cp --parents {} /manifests \;

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY --from=manifests /manifests ./
COPY package-lock.json .npmrc tsconfig.base.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace=@rollcall/anonymizer
COPY libs libs
COPY apps/anonymizer apps/anonymizer
RUN npm run build --workspace=@rollcall/anonymizer

FROM ${NODE_IMAGE}
ENV NODE_ENV=production ANONYMIZER_HOST=0.0.0.0 ANONYMIZER_PORT=9102 CATALOGUE_DIR=/app/catalogue \
  ROLLCALL_KEYRING_FILE=/keys/keyring.json
WORKDIR /app
COPY --from=build /build/apps/anonymizer/dist/main.js apps/anonymizer/dist/main.js
COPY catalogue catalogue
RUN install -d -o node -g node -m 0700 /keys
VOLUME /keys
USER node
EXPOSE 9102
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.ANONYMIZER_PORT+'/health/live').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/anonymizer/dist/main.js"]
