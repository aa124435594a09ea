import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listen, PortInUse } from '#services/kit/hosts/listener.ts'
import { createLogger } from '#services/kit/logging.ts'
import { loadOrCreateSecrets, secretVariables } from '#services/kit/secrets.ts'
import { startPlatform } from './platform.ts'

test.each(['catalog', 'sandbox'] as const)('a taken port of the %s is named before anything starts', async (part) => {
  const directory = await mkdtemp(join(tmpdir(), 'ports-'))
  const secrets = await loadOrCreateSecrets(directory)
  const other = await listen(() => new Response(), 0, '127.0.0.1')
  onTestFinished(async () => {
    await other.drain(0)
    await rm(directory, { recursive: true })
  })
  const start = startPlatform({
    directory,
    host: '127.0.0.1',
    ports: { api: 0, catalog: 0, sandbox: 0, [part]: other.port },
    secrets,
    variables: secretVariables(secrets),
    loggerOf: (service) => createLogger({ level: 'silent', service }),
  })
  await expect(start).rejects.toThrow(PortInUse)
})
