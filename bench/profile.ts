import fs from 'node:fs'
import { Session } from 'node:inspector/promises'
import path from 'node:path'

// CPU profiles of the measured time only. Open the files in Chrome's developer tools, under Performance.

let session: Session | undefined
let written = 0

/** Starts a profile, when the run has --profile. */
export async function startProfile(): Promise<void> {
  if (!process.env.BENCH_PROFILE_DIR) return
  session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 500 })
  await session.post('Profiler.start')
}

export async function endProfile(name: string): Promise<void> {
  const folder = process.env.BENCH_PROFILE_DIR
  if (!session || !folder) return
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  session = undefined
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, `${name}-${process.pid}-${written++}.cpuprofile`), JSON.stringify(profile))
}
