// node edge/bench/catalog.ts [requests]: P3 and P9 of the catalog Worker, all sides in workerd.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startWorkerd } from '../catalog/host/start-workerd.ts'
import { alternate, printRounds, ratio, verdict } from './rounds.ts'

const COURSES = 10_000
const requests = Number(process.argv[2] ?? 20_000)

const redis = spawn(process.execPath, [fileURLToPath(new URL('redis-process.ts', import.meta.url)), String(COURSES)], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [redisPort] = await once(createInterface({ input: redis.stdout }), 'line')

const bindings = {
  UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${redisPort}`,
  UPSTASH_REDIS_REST_TOKEN: 'reads',
  CURSOR_SECRET: 'bench',
}
const start = (file: string) => startWorkerd({ entry: new URL(file, import.meta.url), bindings })
const [constant, naive, catalog] = await Promise.all([
  start('constant-worker.ts'),
  start('naive-worker.ts'),
  start('../catalog/worker.ts'),
])

try {
  const hits = await alternate(
    [
      { name: 'Hono, constant', ...constant, path: () => '/constant' },
      { name: 'catalog, course', ...catalog, path: () => '/catalog/v1/courses/course-1' },
      { name: 'Hono, constant of a list', ...constant, path: () => '/constant-list' },
      { name: 'catalog, list of 20', ...catalog, path: () => '/catalog/v1/courses?level=beginner' },
    ],
    requests,
  )
  console.log(`A hit (${COURSES} courses, ${requests} requests a round)`)
  printRounds(hits)
  for (const [side, constantSide] of [
    ['catalog, course', 'Hono, constant'],
    ['catalog, list of 20', 'Hono, constant of a list'],
  ] as const) {
    const share = ratio(hits, side, constantSide, 'requestsPerSecond')
    verdict('P3', `${side} to ${constantSide}, requests/s`, share, '>= 0.8', share >= 0.8)
  }
  const cpu = Math.max(...(hits.get('catalog, course') ?? []).map(({ cpuMicroseconds }) => cpuMicroseconds))
  verdict('P9', 'CPU of a hit in us, worst round', cpu, '<= 125', cpu <= 125)

  // Each request asks for another of 10,000 courses, so that a copy is never young enough.
  const other = (request: number) => `course-${request % COURSES}`
  const calls = await alternate(
    [
      { name: 'Hono and client', ...naive, path: (n) => `/as-it-comes/${other(n)}` },
      { name: 'Hono and client, tuned', ...naive, path: (n) => `/tuned/${other(n)}` },
      { name: 'catalog, one call', ...catalog, path: (n) => `/catalog/v1/courses/${other(n)}` },
    ],
    Math.min(requests, COURSES),
  )
  console.log(`One REST call (${Math.min(requests, COURSES)} requests a round)`)
  printRounds(calls)
  for (const side of ['Hono and client', 'Hono and client, tuned']) {
    const cost = ratio(calls, 'catalog, one call', side, 'cpuMicroseconds')
    verdict('P9', `CPU with one REST call to ${side}`, cost, '<= 1.1', cost <= 1.1)
  }
} finally {
  await Promise.all([constant, naive, catalog].map((worker) => worker.stop()))
  redis.kill()
}
