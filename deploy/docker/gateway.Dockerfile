# syntax=docker/dockerfile:1
# The gateway: HTTP to Kafka.
#   docker build -f deploy/docker/gateway.Dockerfile -t rollcall/gateway .
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
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace=@rollcall/gateway
COPY libs libs
COPY apps/gateway apps/gateway
RUN npm run build --workspace=@rollcall/gateway
# The pages of /docs are files that cannot be in a bundle; everything else is in it.
COPY tools/copy-packages.ts tools/
RUN node tools/copy-packages.ts /build/left-out @fastify/static swagger-ui-dist

FROM ${NODE_IMAGE}
ENV NODE_ENV=production GATEWAY_HOST=0.0.0.0 GATEWAY_PORT=8080 CATALOGUE_DIR=/app/catalogue
WORKDIR /app
COPY --from=build /build/left-out node_modules
COPY --from=build /build/apps/gateway/dist/main.js apps/gateway/dist/main.js
COPY catalogue catalogue
# Used where GATEWAY_SPOOL_DIR names it; a volume that is mounted here takes its owner over.
RUN install -d -o node -g node -m 0700 /spool
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.GATEWAY_PORT+'/health/live').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/gateway/dist/main.js"]
