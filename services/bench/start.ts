// P10: `npm start` on data that are there already: time to the first 200, and memory. Then how soon the public sees what a
// tutor publishes.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finding, verdict } from '#bus/bench/harness/report.ts'
import { median } from '#bus/bench/harness/rounds.ts'
import { loadOrCreateSecrets } from '#services/kit/secrets.ts'
import { percentiles } from './latencies.ts'
import { startPlatformProcess } from './platform.ts'
import { publishAndWait, signIn } from './publish.ts'
import { findThreePorts } from './three-ports.ts'

const STARTS = 3
const COURSES = 20

const directory = await mkdtemp(join(tmpdir(), 'education-platform-bench-'))
// PostgreSQL's unprivileged user passes through.
await chmod(directory, 0o711)
const start = async () => startPlatformProcess(directory, await findThreePorts())

try {
  const first = await start()
  console.log(`The first start, which makes the data: ${(first.startMs / 1000).toFixed(2)} s`)
  await first.stop()

  const seconds: number[] = []
  const megabytes: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const platform = await start()
    seconds.push(platform.startMs / 1000)
    megabytes.push(await platform.megabytes())
    await platform.stop()
  }
  console.log(`Warm starts: ${seconds.map((s) => s.toFixed(2)).join(', ')} s`)
  verdict('P10', 'a warm start to the first 200, s', median(seconds), '<= 1.5', median(seconds) <= 1.5)
  verdict('P10', 'memory of all processes, MB', median(megabytes), '<= 500', median(megabytes) <= 500)

  const platform = await start()
  try {
    const { demo } = await loadOrCreateSecrets(directory)
    const token = await signIn(platform, demo.tutor)
    const milliseconds: number[] = []
    for (let n = 0; n < COURSES; n++) milliseconds.push(await publishAndWait(platform, token, n))
    const { 'p50 ms': p50, 'p99 ms': p99 } = percentiles(milliseconds)
    finding('P10', `from publishing to the catalog Worker, p50 ms of ${COURSES}`, p50)
    finding('P10', `from publishing to the catalog Worker, p99 ms of ${COURSES}`, p99)
  } finally {
    await platform.stop()
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
