# syntax=docker/dockerfile:1
# The console: pages, public figures, and what operators see. It reads ClickHouse and the catalogue, and nothing else.
#   docker build -f deploy/docker/console.Dockerfile -t rollcall/console .
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
RUN npm ci --ignore-scripts --no-audit --no-fund --workspace=@rollcall/console
COPY libs libs
COPY apps/console apps/console
RUN npm run build --workspace=@rollcall/console
# It serves files, and cannot be in a bundle; everything else is in it.
COPY tools/copy-packages.ts tools/
RUN node tools/copy-packages.ts /build/left-out @fastify/static

FROM ${NODE_IMAGE}
ENV NODE_ENV=production CONSOLE_HOST=0.0.0.0 CONSOLE_PORT=8081 CATALOGUE_DIR=/app/catalogue
WORKDIR /app
COPY --from=build /build/left-out node_modules
COPY --from=build /build/apps/console/dist/main.js apps/console/dist/main.js
COPY --from=build /build/apps/console/dist/web apps/console/dist/web
COPY catalogue catalogue
USER node
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.CONSOLE_PORT+'/health/live').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "apps/console/dist/main.js"]
