import { defineConfig } from '@hey-api/openapi-ts'

// `npm run client` at the root of the repository writes the document from the hub's own schemas and runs this.

export default defineConfig({
  input: process.env.HEARBACK_OPENAPI ?? 'openapi.json',
  output: { path: process.env.HEARBACK_GENERATED ?? 'src/generated', importFileExtension: '.js' },
  plugins: [
    { name: '@hey-api/client-fetch', throwOnError: true },
    '@hey-api/typescript',
    { name: '@hey-api/sdk', operations: { strategy: 'single', containerName: 'HubApi', methods: 'instance' } },
  ],
  logs: { level: 'error' },
})
