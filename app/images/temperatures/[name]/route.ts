import { serveTemperatureImage } from '@/lib/http/temperature-images'

// For serverless hosts; server.ts answers these requests before Next.

export const dynamic = 'force-dynamic'

export { serveTemperatureImage as GET, serveTemperatureImage as HEAD }
