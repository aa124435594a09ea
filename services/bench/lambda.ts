// P8: the functions of a service: the size of what a copy loads, and import and first call in fresh processes.
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { finding, verdict } from '#bus/bench/harness/report.ts'
import { median } from '#bus/bench/harness/rounds.ts'
import { type Bundle, bundle, sourceOf } from '#services/deploy/bundle.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { httpEvent } from '#services/kit/testing/lambda/http-call.ts'
import { learningTables } from '#services/learning/infrastructure/postgres/tables.ts'
import { z } from 'zod'
import { openBenchDatabase } from './database.ts'
import { fillCourses } from './read/courses.ts'

const ROUNDS = 9
const MOST_KB = 120
const KB = 1000

const FirstCall = z.object({ statusCode: z.literal(200), milliseconds: z.number(), cpuMilliseconds: z.number() })
type FirstCall = z.infer<typeof FirstCall>

const execute = promisify(execFile)
const firstCall = fileURLToPath(new URL('lambda/first-call.mjs', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'education-platform-bench-'))
const database = await openBenchDatabase([learningTables])

const eagerKb = ({ files }: Bundle): number =>
  files.reduce((sum, { eager, gzipBytes }) => sum + (eager ? gzipBytes : 0), 0) / KB

const bundled = (name: string, source: string): Promise<Bundle> =>
  bundle({ source, directory: join(folder, name), minify: true })

const environment = (): NodeJS.ProcessEnv => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    LOG_LEVEL: 'silent',
    DATABASE_URL: serviceUrl(database.url, 'learning'),
    // Without a Redis the limiter lets a public read through, as it does in production.
    REDIS_URL: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:1',
    CURSOR_SECRET: 'bench'.repeat(7),
    JWT_ISSUER: 'http://localhost',
    JWKS_URL: 'http://localhost',
    SERVICE_PRIVATE_KEY: privateKey,
    SERVICE_PUBLIC_KEYS: JSON.stringify({ learning: publicKey }),
    INTERNAL_URLS: '{}',
  }
}

const call = async (program: string, event: object, env: NodeJS.ProcessEnv): Promise<FirstCall> => {
  const { stdout } = await execute(process.execPath, [firstCall, program, JSON.stringify(event)], { env })
  return FirstCall.parse(JSON.parse(stdout))
}

try {
  const ours = await bundled('learning', sourceOf('learning', 'lambda'))
  const bare = await bundled('bare', 'services/bench/lambda/bare.ts')
  const kb = eagerKb(ours)
  verdict('P8', 'learning, loaded at a start, KB gzipped', kb, `<= ${MOST_KB}`, kb <= MOST_KB)
  for (const name of ['user', 'payment'] as const)
    finding('P8', `${name}, loaded at a start, KB gzipped`, eagerKb(await bundled(name, sourceOf(name, 'lambda'))))
  finding('P8', 'Hono and postgres.js, KB gzipped', eagerKb(bare))

  const { tutorId } = await fillCourses(database.url)
  const event = httpEvent({ path: `/v1/tutors/${tutorId}/courses` })
  const env = environment()
  const rounds: { readonly ours: FirstCall; readonly bare: FirstCall }[] = []
  // The first round fills the caches of the file system.
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { ours: await call(ours.file, event, env), bare: await call(bare.file, event, env) }
    if (round > 0) rounds.push(pair)
  }
  for (const side of ['ours', 'bare'] as const) {
    const name = side === 'ours' ? 'learning' : 'Hono and postgres.js'
    finding('P8', `${name}, import and first call, ms`, median(rounds.map((pair) => pair[side].milliseconds)))
    finding('P8', `${name}, import and first call, ms of CPU`, median(rounds.map((pair) => pair[side].cpuMilliseconds)))
  }
  const times = median(rounds.map((pair) => pair.ours.milliseconds / pair.bare.milliseconds))
  verdict('P8', 'import and first call, times Hono and postgres.js', times, '<= 1.5', times <= 1.5)
} finally {
  await database.close()
  await rm(folder, { recursive: true, force: true })
}
