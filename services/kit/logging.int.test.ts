import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('nothing is lost that was logged right before the process exits', async () => {
  const program = `
    import { createLogger } from '#services/kit/logging.ts'
    const logger = createLogger({ level: 'info', service: 'learning' })
    for (let line = 1; line <= 2000; line++) logger.info({ line }, 'working')
    process.exit()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
  })
  expect(stdout.trimEnd().split('\n')).toHaveLength(2000)
  expect(stdout).toContain('"line":2000,')
})
