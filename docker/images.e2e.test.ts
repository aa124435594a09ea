import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAwsClients } from '#bus/transports/aws/clients.ts'
import { removeProvisioned } from '#bus/transports/aws/provision.ts'
import { topologyOf } from '#bus/transports/aws/topology.ts'
import { bundle, sourceOf } from '#services/deploy/bundle.ts'
import { emptyRedisUrl } from '#services/embedded/testing/empty-redis.ts'
import { freePorts } from '#services/kit/testing/free-ports.ts'
import { environment } from '#services/kit/config.ts'
import { serviceUrl } from '#services/kit/postgres/migrate.ts'
import { loadOrCreateSecrets } from '#services/kit/secrets.ts'
import { endsOf } from '#services/kit/service.ts'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { z } from 'zod'
import { services } from './compose/services.ts'
import { composeVariables } from './compose/variables.ts'
import { type Child, startChild } from './stack/child.ts'
import { answersOk, untilReady } from './stack/until-ready.ts'
import { type Compose, interpolate, readCompose } from './testing/compose.ts'
import { type Dockerfile, instructionsOfTarget, lastOf, readDockerfile } from './testing/dockerfile.ts'
import { canRunStack } from './testing/test-stack.ts'

const execute = promisify(execFile)
const { AWS_ENDPOINT_URL } = environment

/** What a container with a read-only root lets Node do: it writes no file and starts no program. */
const READ_ONLY = ['--permission', '--allow-fs-read=*']

const HEALTH_COMMAND = /CMD (\[.*\])$/

/** What the images run, as plain processes with the environment that compose.yaml gives them. */
describe.runIf(canRunStack)('what the images run', () => {
  const prefix = `t${randomBytes(4).toString('hex')}`
  let compose: Compose
  let dockerfile: Dockerfile
  let database: TestDatabase
  let directory: string
  let variables: Readonly<Record<string, string>>

  let sandbox: number
  let redisUrl: string | undefined
  const children: Child[] = []

  /** The environment of a container with the addresses of this machine. */
  const environmentOf = (name: string, changes: Record<string, string | undefined>): Record<string, string> => {
    const given = Object.entries(compose.services[name]?.environment ?? {})
    const own = Object.fromEntries(given.map(([variable, text]) => [variable, interpolate(text, variables)]))
    const here = { REDIS_URL: redisUrl, AWS_ENDPOINT_URL, QUEUE_PREFIX: prefix, DATA_DIRECTORY: directory, ...changes }
    const replaced = Object.entries(here).flatMap(([variable, text]) =>
      variable in own && text !== undefined ? [[variable, text]] : [],
    )
    return { ...own, ...Object.fromEntries(replaced) }
  }
  const runJob = (name: string, program: string, flags: readonly string[] = []) =>
    execute(process.execPath, [...flags, program], { env: environmentOf(name, { DATABASE_URL: database.url }) })

  /** Runs a health check's command as the engine would. */
  const probe = ([, program, ...args]: readonly string[], env: Record<string, string> = {}) =>
    execute(program === 'node' ? process.execPath : '', args, { env })

  /** Starts a program of the `development` image, and waits until its health check says that it is well. */
  const startDevelopment = async (name: string, port: number, changes: Record<string, string> = {}): Promise<void> => {
    const { command = [], healthcheck, ports = [] } = compose.services[name] ?? {}
    const published = ports[0]?.split(':').at(-1) ?? ''
    const here = (text: string) =>
      interpolate(text, variables)
        .replace(/^--port=.*/, `--port=${port}`)
        .replace(/^--database=.*/, `--database=${join(directory, name)}.sqlite`)
    const env = environmentOf(name, { PORT: String(port), HOST: '127.0.0.1', ...changes })
    const child = startChild({ name, command: process.execPath, args: command.map(here), env })
    children.push(child)
    const test = healthcheck?.test.map((text) => text.replace(`:${published}/`, `:${port}/`)) ?? []
    await untilReady(child, () => probe(test))
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'images-'))
    compose = await readCompose()
    dockerfile = await readDockerfile()
    database = await createTestDatabase()
    redisUrl = await emptyRedisUrl()
    variables = composeVariables(await loadOrCreateSecrets(directory), 'unused')

    const { file } = await bundle({ source: 'services/migrate.ts', directory: join(directory, 'migrate') })
    for (const { name } of services) {
      const migrations = `services/${name}/infrastructure/postgres/migrations`
      await cp(migrations, join(directory, 'migrate', migrations), { recursive: true })
    }
    await runJob('migrate', file, READ_ONLY)
    await runJob('provision', 'docker/compose/provision.ts')
    sandbox = await freePorts(1)
    await startDevelopment('sandbox', sandbox)
  })
  afterAll(async () => {
    await Promise.all(children.splice(0).map((child) => child.stop()))
    const clients = createAwsClients({ region: 'us-east-1', endpoint: AWS_ENDPOINT_URL })
    await removeProvisioned(clients, topologyOf(services.map(endsOf), { prefix }))
    clients.close()
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  test('the job that seeds makes the demo logins, and a second time nothing more', async () => {
    await runJob('seed', 'docker/compose/seed.ts')
    await runJob('seed', 'docker/compose/seed.ts')
  })

  test('the catalog, and the proxy in front of it, are well by their own health checks', async () => {
    const port = await freePorts(2)
    await startDevelopment('catalog', port)
    await startDevelopment('proxy', port + 1, { CATALOG_URL: `http://127.0.0.1:${port}` })
    await answersOk(`http://127.0.0.1:${port + 1}/catalog/v1/openapi.json`)
    // No service is behind it here.
    expect((await fetch(`http://127.0.0.1:${port + 1}/v1/users/me`)).status).toBe(503)
  })

  test.each(services)('$name becomes ready, is healthy, writes no file, and drains', async ({ name, tables }) => {
    const { file } = await bundle({ source: sourceOf(name, 'main'), directory: join(directory, name) })
    const port = await freePorts(2)
    const env = environmentOf(name, {
      DATABASE_URL: serviceUrl(database.url, tables.schema),
      HOST: '127.0.0.1',
      PORT: String(port),
      INTERNAL_PORT: String(port + 1),
      SHUTDOWN_GRACE_MS: '100',
      STRIPE_BASE_URL: `http://127.0.0.1:${sandbox}`,
    })
    const lines: string[] = []
    const child = startChild({
      name,
      command: process.execPath,
      args: [...READ_ONLY, file],
      env,
      cwd: '/',
      onLine: (line) => lines.push(line),
    })
    try {
      await untilReady(child, () => answersOk(`http://127.0.0.1:${port + 1}/health/ready`))
      await answersOk(`http://127.0.0.1:${port}/openapi/${name}.json`)
      const [, command = ''] =
        HEALTH_COMMAND.exec(lastOf(instructionsOfTarget(dockerfile, 'service'), 'HEALTHCHECK') ?? '') ?? []
      await probe(['CMD', ...z.array(z.string()).parse(JSON.parse(command))], env)
    } finally {
      await child.stop()
    }
    expect(lines.filter((line) => line.includes('"msg":"stopped"'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('ERR_ACCESS_DENIED'))).toEqual([])
  })
})
