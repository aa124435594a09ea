// Our side of P1 and P2: the learning service with all of its middleware: authentication with a live session, limits,
// validation both ways, ids, metrics, and log lines that go nowhere.
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { generateKeyPairSync } from 'node:crypto'
import { systemClock } from '#domain/kernel/clock.ts'
import { createMemoryLane } from '#bus/request-reply/requester.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { createAuthenticate } from '#services/kit/auth/authenticate.ts'
import { createIssuer } from '#services/kit/auth/issuer.ts'
import { createSessionCheck } from '#services/kit/auth/sessions.ts'
import { createVerifier } from '#services/kit/auth/verifier.ts'
import { listen } from '#services/kit/hosts/listener.ts'
import { runService } from '#services/kit/hosts/run-service.ts'
import { createCursors } from '#services/kit/http/cursor.ts'
import { systemIds } from '#services/kit/ids.ts'
import { createLogger } from '#services/kit/logging.ts'
import { createMetrics } from '#services/kit/metrics.ts'
import { Database } from '#services/kit/ports.ts'
import { createEngine } from '#services/kit/redis/engine.ts'
import { createRateLimiter } from '#services/kit/redis/rate-limit.ts'
import { learning } from '#services/learning/service.ts'
import { serveRequests, taskOf } from './side.ts'

const { url, tutorId, paths } = taskOf()
const clock = systemClock
const redis = createEngine({ now: () => Date.now() })
const metrics = createMetrics()
const service = runService(
  learning,
  { importOwnerId: undefined },
  {
    databaseUrlOf: (schema) => serviceUrl(url, schema),
    redis,
    transport: createMemoryTransport(),
    lanes: createMemoryLane(),
    development: false,
    clock,
    ids: systemIds,
    random: () => 0.5,
    logger: (name) => createLogger({ level: 'info', service: name, write: () => undefined }),
    metrics,
    http: {
      rateLimiter: createRateLimiter(redis, { clock }),
      rateLimit: { limit: 1_000_000_000, windowSeconds: 60 },
    },
    cursors: createCursors('bench'.repeat(7)),
  },
)

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const names = { issuer: 'http://localhost', audience: 'bench' }
const issuer = await createIssuer({
  ...names,
  privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
})
const claims = { userId: tutorId, sessionId: systemIds.next('ses'), roles: ['tutor'], emailVerified: true } as const
const now = clock.now()
const { token } = await issuer.issueAccessToken({ ...claims, loggedInAt: now, now })
const { fetch } = service.http(
  createAuthenticate({
    verifier: createVerifier({ ...names, jwks: issuer.jwks, clock }),
    sessions: createSessionCheck({ redis, ask: async () => true }),
  }),
)
const { port } = await listen((request) => fetch(request), 0, '127.0.0.1')
const database = service.runtime.resolve(Database)
serveRequests({ port, paths, token, statements: database.statements })
