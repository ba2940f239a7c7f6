# syntax=docker/dockerfile:1
# The sink: anonymized topic to ClickHouse. It needs neither catalogue nor keys.
#   docker build -f deploy/docker/sink.Dockerfile -t rollcall/sink .
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
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace=@rollcall/sink
COPY libs libs
COPY apps/sink apps/sink
RUN npm run build --workspace=@rollcall/sink

FROM ${NODE_IMAGE}
ENV NODE_ENV=production SINK_HOST=0.0.0.0 SINK_PORT=9103
WORKDIR /app
COPY --from=build /build/apps/sink/dist/main.js apps/sink/dist/main.js
USER node
EXPOSE 9103
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.SINK_PORT+'/health/live').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/sink/dist/main.js"]
