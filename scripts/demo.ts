import { setTimeout as sleep } from 'node:timers/promises'
import { demoFeedback } from './demo-feedback'
import { startDemoHub } from './demo-hub'

// npm run demo: a hub with sample data in .hearback/demo, and new feedback every few seconds. It ends with Ctrl-C; the next
// run continues with the same data.

console.log('Starting the demo. The first start builds the hub, which takes a minute.')
const hub = await startDemoHub({ port: Number(process.env.PORT || 3000), dataDir: '.hearback/demo' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => hub.stop())
hub.ended.then((code) => process.exit(code))
console.log(`\nThe demo is ready. Open this and choose Sign in:\n\n  ${hub.signInLink}\n`)

for (let n = 0; ; n++) {
  await hub.post(demoFeedback(n)).catch((error) => console.error(String(error)))
  await sleep(2000 + Math.random() * 2000)
}
