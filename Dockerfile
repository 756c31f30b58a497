# Node 24 is the long-term support line (nodejs.org/en/about/previous-releases, checked 2026-11-24).
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
# SQLite is compiled where its prebuilt binary cannot be downloaded; the tools for that stay in this stage.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY commands commands
COPY src src
RUN npm run build && npm prune --omit=dev

FROM ${NODE_IMAGE}
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
# Secrets come in as environment variables when the container starts: docker run --env-file .env
CMD ["node", "--max-semi-space-size=4", "dist/src/main.js"]
