# One image for every part: the command says which. Debian slim, because the query planner has no musl build.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY contracts contracts
COPY packages packages
COPY subgraphs subgraphs
COPY gateway gateway
COPY migrations migrations
COPY worker worker
COPY embedded embedded
COPY operate operate
COPY client client
COPY kit/package.json kit/package.json
RUN npm ci --no-audit --no-fund
COPY scripts scripts
COPY .swcrc ./
COPY schema schema
COPY console console
# What --version and /health say: docker build --build-arg TRIBUTARY_COMMIT=$(git rev-parse HEAD) .
ARG TRIBUTARY_COMMIT=""
RUN node scripts/build.mjs && node scripts/build-graphiql.mjs && node scripts/build-console.mjs \
  && rm -rf console client/src client/dist && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@swc/core node_modules/@swc/core-* node_modules/esbuild node_modules/@esbuild

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--import=/app/packages/process/dist/ownSourceMaps.js HOST=0.0.0.0
WORKDIR /app
COPY --from=build --chown=root:root /app /app
COPY schema schema
RUN mkdir -p /var/lib/tributary/uploads && chown -R node:node /var/lib/tributary
USER node
# Overridden for each part in docker-compose.yml.
CMD ["node", "gateway/dist/main.js"]
