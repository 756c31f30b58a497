# Node 24 is a long-term support line until April 2028 (nodejs.org/en/about/previous-releases, checked 2026-11-24).
FROM node:24-bookworm-slim AS build
# SQLite is compiled where its prebuilt binary cannot be downloaded; the tools for that stay in this stage.
RUN apt-get update \
  && apt-get install -y --no-install-recommends binutils g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
# npm links node_modules/sqlite3 to a package in here.
COPY vendor vendor
RUN npm ci
COPY tsconfig.json tsconfig.build.json tsconfig.page.json ./
COPY commands commands
COPY locales locales
COPY src src
COPY deploy/finish-build.mjs deploy/slim-image.sh deploy/
RUN npm run build && npm prune --omit=dev && sh deploy/slim-image.sh
# The symbols of the runtime are a seventh of its size, and only a debugger reads them.
RUN mkdir -p /runtime /data && strip -o /runtime/node "$(command -v node)"

# What the Node image itself is built on, without npm, yarn and headers: the bot needs the runtime alone.
FROM debian:bookworm-slim
# Something restarts a container that ends, so it may end itself when Discord's gateway is lost for good.
ENV NODE_ENV=production DATA_DIR=/data HOST=0.0.0.0 PORT=3000 EXIT_WHEN_LOST=1
WORKDIR /app
COPY --from=build /runtime/node /usr/local/bin/node
COPY LICENSE package.json ./
COPY deploy/health-check.mjs deploy/
COPY --from=build /app/vendor vendor
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build --chown=10001:10001 /data /data
VOLUME /data
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD ["node", "deploy/health-check.mjs"]
# What the variable and the flags are for: docs/performance.md.
ENV MALLOC_MMAP_THRESHOLD_=262144
# Secrets come in as environment variables when the container starts: docker run --env-file .env
CMD ["node", "--max-semi-space-size=4", "--no-allocation-site-pretenuring", "dist/src/main.js"]
