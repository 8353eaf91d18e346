# The image of the hub. docs/install.md says how to run it; e2e/pipeline/image.test.ts executes these steps.

FROM node:24-slim AS build
WORKDIR /hub
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && rm -rf .next/cache
# What the build alone needs: compilers, and the PostgreSQL that a hub without DATABASE_URL runs.
RUN npm prune --omit=dev --omit=optional --omit=peer

FROM node:24-slim
WORKDIR /hub
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=build /hub/LICENSE /hub/NOTICE /hub/package.json /hub/next.config.mjs ./
COPY --from=build /hub/node_modules ./node_modules
COPY --from=build /hub/public ./public
COPY --from=build /hub/drizzle/migrations ./drizzle/migrations
COPY --from=build /hub/lib/verify/snippets ./lib/verify/snippets
COPY --from=build /hub/scripts/start.mjs /hub/scripts/build.mjs ./scripts/
COPY --from=build /hub/.next ./.next
COPY --from=build /hub/dist ./dist
USER node
EXPOSE 3000
# The longest call takes 30 s: stop with at least 40 s of grace (docker stop --time 40).
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "scripts/start.mjs", "--no-build"]
