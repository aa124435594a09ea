import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadConfig, variables } from '#services/kit/config.ts'
import { configSource, loadOrCreateSecrets, secretVariables } from '#services/kit/secrets.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

const AllSecrets = z.object({
  JWT_PRIVATE_KEY: variables.jwtPrivateKey,
  CURSOR_SECRET: variables.secret('the key that signs cursors'),
  TOKEN_SECRET: variables.secret('the key from which tokens are derived'),
  STRIPE_SECRET_KEY: variables.stripeSecretKey,
  STRIPE_WEBHOOK_SECRET: variables.stripeWebhookSecret,
})
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const modeOf = async (name: string) => (await stat(join(directory, name))).mode & 0o777
const secretsFile = () => join(directory, 'secrets.json')

describe('loadOrCreateSecrets', () => {
  test('makes secrets once and finds the same ones ever after', async () => {
    const first = await loadOrCreateSecrets(directory)
    expect(await loadOrCreateSecrets(directory)).toEqual(first)
  })

  test('makes other secrets in another directory', async () => {
    const other = await mkdtemp(join(tmpdir(), 'secrets-'))
    const [one, two] = await Promise.all([loadOrCreateSecrets(directory), loadOrCreateSecrets(other)])
    await rm(other, { recursive: true })
    expect(one.jwtPrivateKey).not.toBe(two.jwtPrivateKey)
    expect(one.demo.admin.password).not.toBe(two.demo.admin.password)
  })

  test('gives all first starts at once the same secrets, and leaves no temporary file', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateSecrets(directory)))
    expect(new Set(all.map((secrets) => secrets.cursorSecret)).size).toBe(1)
    expect((await readdir(directory)).toSorted()).toEqual(['credentials.json', 'secrets.json'])
  })

  test('keeps its files from other users, also when a copy had opened them', async () => {
    await loadOrCreateSecrets(directory)
    expect(await modeOf('secrets.json')).toBe(0o600)
    expect(await modeOf('credentials.json')).toBe(0o600)
    await chmod(secretsFile(), 0o644)
    await loadOrCreateSecrets(directory)
    expect(await modeOf('secrets.json')).toBe(0o600)
  })

  test('writes the demo logins where tools look for them, with readable passwords', async () => {
    const { demo } = await loadOrCreateSecrets(directory)
    expect(JSON.parse(await readFile(join(directory, 'credentials.json'), 'utf8'))).toEqual(demo)
    for (const { password } of Object.values(demo)) expect(password).toMatch(/^([a-z]{4}-){3}[a-z]{4}$/)
  })

  test('adds what a file of an older release lacks and keeps the rest', async () => {
    const { tokenSecret: _, ...older } = await loadOrCreateSecrets(directory)
    await writeFile(secretsFile(), JSON.stringify(older))
    const upgraded = await loadOrCreateSecrets(directory)
    expect(upgraded).toMatchObject(older)
    expect(await loadOrCreateSecrets(directory)).toEqual(upgraded)
  })

  test('stops with what to do when the file is damaged, without showing what it holds', async () => {
    await writeFile(secretsFile(), '{"cursorSecret": "hunter2"')
    const damaged = loadOrCreateSecrets(directory)
    await expect(damaged).rejects.toThrow(ConfigError)
    await expect(damaged).rejects.toThrow(/secrets\.json is damaged. Restore it, or delete it/)
    await expect(damaged).rejects.not.toThrow('hunter2')
  })
})

describe('configSource', () => {
  test('gives development every secret that the services require', async () => {
    const config = loadConfig(AllSecrets, await configSource(directory, {}))
    expect(config).toEqual(secretVariables(await loadOrCreateSecrets(directory)))
  })

  test('prefers what the environment sets', async () => {
    const source = await configSource(directory, { STRIPE_SECRET_KEY: 'sk_test_ofmyaccount', CURSOR_SECRET: '' })
    const config = loadConfig(AllSecrets, source)
    expect(config.STRIPE_SECRET_KEY).toBe('sk_test_ofmyaccount')
    expect(config.CURSOR_SECRET).toHaveLength(43)
  })

  test('gives production nothing, so that it refuses to start without its own secrets', async () => {
    const source = await configSource(directory, { APP_ENV: 'production' })
    expect(() => loadConfig(AllSecrets, source)).toThrow('JWT_PRIVATE_KEY: missing')
    expect(await readdir(directory)).toEqual([])
  })

  test('accepts a private key whose line breaks are written out', async () => {
    const { jwtPrivateKey } = await loadOrCreateSecrets(directory)
    const source = await configSource(directory, { JWT_PRIVATE_KEY: jwtPrivateKey.replaceAll('\n', '\\n') })
    expect(loadConfig(AllSecrets, source).JWT_PRIVATE_KEY).toBe(jwtPrivateKey)
  })
})
