import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./lib/db/schema.ts', './lib/db/people-schema.ts', './lib/db/erasure-schema.ts'],
  out: './drizzle/migrations',
  casing: 'snake_case',
})
