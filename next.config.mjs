// @ts-check

// JavaScript, because Next compiles a configuration in TypeScript at every start, with a compiler that the image lacks.

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // next dev would print what actions are given: passwords among it.
  logging: { serverFunctions: false },
  // Receivers put these into e-mails and tickets: an image is asked for once, not with every look at one.
  headers: async () => [
    {
      source: '/images/temperatures/:name',
      headers: [{ key: 'Cache-Control', value: 'public, max-age=2592000' }],
    },
  ],
  // `npm run types` checks them, once: a start must not fail on the type of a test.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  experimental: {
    // 401 and 403 from actions, pages and routes, without an error in the log.
    authInterrupts: true,
    // lib/http/page-bounds.ts enforces it, and less for most pages, before Next reads anything.
    serverActions: { bodySizeLimit: '512kb' },
  },
  // Read when the page is asked for, so that a host which copies only what is traced has them, too.
  outputFileTracingIncludes: {
    '/settings/webhooks/*/verify': ['lib/verify/snippets/**/*'],
    '/shared/*': ['lib/verify/snippets/**/*'],
  },
  // Loaded by Node as they are.
  serverExternalPackages: ['@hono/node-server', 'better-auth', 'drizzle-orm', 'nodemailer', 'pg', 'pino', 'undici'],
}

export default config
