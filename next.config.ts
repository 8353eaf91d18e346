import type { NextConfig } from 'next'

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // next dev would print what actions are given: passwords among it.
  logging: { serverFunctions: false },
  // `npm run types` checks them, once: a start must not fail on the type of a test.
  typescript: { ignoreBuildErrors: true },
  // Loaded by Node as they are: one copy in the process, server.ts's and the pages'.
  serverExternalPackages: ['@hono/node-server', 'better-auth', 'drizzle-orm', 'pg', 'pino', 'undici'],
}

export default config
