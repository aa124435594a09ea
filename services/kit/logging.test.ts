import { Unavailable } from '#bus/cqrs/errors.ts'
import { createLogger, type LoggerOptions } from '#services/kit/logging.ts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

function recording(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = []
  const write = (line: string) => {
    lines.push(line)
  }
  const logger = createLogger({ level: 'info', service: 'learning', write, ...options })
  const entry = () => z.looseObject({}).parse(JSON.parse(lines.at(-1) ?? ''))
  return { logger, lines, entry }
}

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c3IifQ.c2lnbmF0dXJl'

describe('an entry', () => {
  test('is one line of JSON with the time, the level in words and the service', () => {
    const { logger, lines, entry } = recording()
    logger.info({ status: 200, ids: ['a'] }, 'request')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\{.*\}\n$/)
    expect(entry()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/),
      service: 'learning',
      status: 200,
      ids: ['a'],
      msg: 'request',
    })
  })

  test('below the level is left out', () => {
    const { logger, lines } = recording({ level: 'warn' })
    logger.info('unimportant')
    logger.warn('important')
    expect(lines).toHaveLength(1)
  })

  test('of an error says its type, message, code, stack and cause, and nothing that a library hung on it', () => {
    const { logger, entry } = recording()
    const cause = Object.assign(new Error('connection lost'), { query: 'select 1', parameters: ['ada'] })
    logger.error({ err: new Error('not saved', { cause }) }, 'failed')
    expect(entry().err).toEqual({
      type: 'Error',
      message: 'not saved',
      stack: expect.stringContaining('logging.test.ts'),
      cause: { type: 'Error', message: 'connection lost', stack: expect.any(String) },
    })
    logger.error(Unavailable('Redis'))
    expect(entry()).toMatchObject({ err: { type: 'DomainError', code: 'UNAVAILABLE' }, msg: expect.any(String) })
  })

  test('survives a cycle', () => {
    const { logger, entry } = recording()
    const node: Record<string, unknown> = { name: 'a' }
    node.self = node
    logger.info({ node }, 'cycle')
    expect(entry()).toMatchObject({ node: { name: 'a', self: { name: 'a' } } })
  })
})

describe('redaction', () => {
  test.each([
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'password',
    'newPassword',
    'passwordHash',
    'accessToken',
    'refresh_token',
    'clientSecret',
    'client_secret',
    'apiKey',
    'privateKeyPem',
    'email',
    'newEmail',
    'stripe-signature',
  ])('takes the value of %s out, at any depth and in a child logger too', (name) => {
    const { logger, lines } = recording()
    logger.info({ [name]: 'hunter2', user: { list: [{ [name]: 'hunter2' }] } }, 'entry')
    logger.child({ [name]: 'hunter2' }).info('entry')
    logger.error({ err: new Error('x', { cause: { [name]: 'hunter2' } }) }, 'entry')
    expect(lines.join('')).not.toContain('hunter2')
    expect(lines.join('')).toContain('[redacted]')
  })

  test.each([
    ['a bearer credential', 'sent Bearer abc.def~ghi', 'sent [redacted]'],
    ['a JWT', `refused ${jwt}`, 'refused [redacted]'],
    ['a key of Stripe', 'key sk_live_51Habc is wrong', 'key [redacted] is wrong'],
    ['a webhook secret', 'whsec_abc/def= is wrong', '[redacted] is wrong'],
    [
      'a password in a URL',
      'no way to postgres://app:hunter2@db:5432/x',
      'no way to postgres://app:[redacted]@db:5432/x',
    ],
    ['an e-mail address', 'Key (email)=(ada.l+x@mail.example.org) exists', 'Key (email)=([redacted]) exists'],
    ['an e-mail address in a path', '/v1/users/ada%2Bl%40example.org/x', '/v1/users/[redacted]/x'],
  ])('takes %s out of a message, a field and an error', (_, text, expected) => {
    const { logger, lines, entry } = recording()
    logger.error({ note: text, err: new Error(text) }, text)
    expect(entry()).toMatchObject({ note: expected, msg: expected, err: { message: expected } })
    expect(lines.join('')).not.toMatch(/hunter2|51Habc|ada\.l|abc\.def|c2lnbmF0dXJl/)
  })

  test('finds them behind a line break, and the line stays JSON', () => {
    const { logger, entry } = recording()
    logger.info({ a: 'http://x:', b: 'c@d' }, `first\nada@example.org\tBearer abc\n${jwt}`)
    expect(entry()).toMatchObject({ a: 'http://x:', b: 'c@d', msg: 'first\n[redacted]\t[redacted]\n[redacted]' })
  })

  test('leaves ids, paths and versions of packages as they are', () => {
    const { logger, entry } = recording()
    const note = 'GET /v1/users/usr_0192 in node_modules/@hono/node-server@2.1.8/dist, http://localhost:3000/a'
    logger.info({ note }, 'entry')
    expect(entry()).toMatchObject({ note })
  })

  test('takes no long time for any text', () => {
    const { logger } = recording()
    const start = performance.now()
    for (const text of ['a'.repeat(100_000), 'a.'.repeat(50_000), 'eyJ'.repeat(30_000), '://a:'.repeat(20_000)])
      logger.info(text)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('injection', () => {
  const hostile = 'x\r\n{"level":"fatal","msg":"forged"}\n\u001b[31mred\u0085\u2028\u202etxt.exe\u0000'

  test('cannot break or disguise a line of JSON, and the value reads back as it was', () => {
    const { logger, lines, entry } = recording()
    logger.info({ [hostile]: 1, path: hostile }, hostile)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd()).toMatch(/^[\u0020-\u007e]+$/)
    expect(entry()).toMatchObject({ path: hostile, msg: hostile })
  })

  test('cannot start a line, move the cursor or change colours on a terminal', () => {
    const { logger, lines } = recording({ pretty: true })
    logger.info({ [hostile]: 1, path: hostile }, hostile)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[\u0020-\u007e]+\n$/)
    logger.error({ err: new Error(hostile) }, 'failed')
    const [first, ...rest] = (lines[1] ?? '').trimEnd().split('\n')
    expect(first).toMatch(/ERROR learning {3}failed$/)
    for (const line of rest) expect(line).toMatch(/^ {4}[\u0020-\u007e]*$/)
  })
})

describe('a line for people', () => {
  test('says when, how bad, where, what, and the fields', () => {
    const { logger, lines } = recording({ pretty: true })
    logger.warn({ status: 503, path: '/v1/courses', detail: 'not now', missing: null, page: { limit: 20 } }, 'request')
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}learning {3}request {2}status=503 path=\/v1\/courses detail="not now" page=\{"limit":20\}\n$/,
    )
  })

  test('has the stack of an error below it', () => {
    const { logger, lines } = recording({ pretty: true })
    logger.error({ err: new Error('not saved') }, 'failed')
    expect(lines[0]).toMatch(/ERROR learning {3}failed\n {4}Error: not saved\n {4}at .*logging\.test\.ts/)
  })
})
