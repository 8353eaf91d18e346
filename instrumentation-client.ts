import { config } from 'zod/v4/core'

// Runs before any other module of the page. Without it the first schema tries `new Function`, which the content
// security policy refuses and reports.
config({ jitless: true })
