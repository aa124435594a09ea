import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, type ConfigSource } from '#services/kit/config.ts'
import { listen, PortInUse } from '#services/kit/hosts/listener.ts'
import { createLogger } from '#services/kit/logging.ts'
import { loadOrCreateSecrets, secretVariables } from '#services/kit/secrets.ts'
import { startPlatform } from './platform.ts'

const startOn = async (ports: { readonly catalog?: number; readonly sandbox?: number }, given: ConfigSource = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'ports-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const secrets = await loadOrCreateSecrets(directory)
  return startPlatform({
    directory,
    host: '127.0.0.1',
    ports: { api: 0, catalog: 0, sandbox: 0, ...ports },
    secrets,
    variables: { ...secretVariables(secrets), ...given },
    loggerOf: (service) => createLogger({ level: 'silent', service }),
  })
}

test.each(['catalog', 'sandbox'] as const)('a taken port of the %s is named before anything starts', async (part) => {
  const other = await listen(() => new Response(), 0, '127.0.0.1')
  onTestFinished(() => other.drain(0))
  await expect(startOn({ [part]: other.port })).rejects.toThrow(PortInUse)
})

test('a PostgreSQL that is not there is named in a sentence, without its password', async () => {
  const start = startOn({}, { DATABASE_URL: 'postgres://owner:a-password@127.0.0.1:1/platform' })
  const error: unknown = await start.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConfigError)
  expect(String(error)).toMatch(/The PostgreSQL of DATABASE_URL cannot be used: connect ECONNREFUSED 127\.0\.0\.1:1\./)
  expect(String(error)).not.toContain('a-password')
})
