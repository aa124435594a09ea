import { describe, expect, test } from 'vitest'
import { isSampled, readTraceparent, spanIdOf, traceIdOf } from './traceparent.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const GOOD = `00-${TRACE}-${SPAN}-01`

describe('a traceparent', () => {
  test('that is good goes on as it came, and has its parts', () => {
    expect(readTraceparent(GOOD)).toBe(GOOD)
    expect([traceIdOf(GOOD), spanIdOf(GOOD), isSampled(GOOD)]).toEqual([TRACE, SPAN, true])
  })

  test('that is not sampled stays so', () => {
    const unsampled = `00-${TRACE}-${SPAN}-00`
    expect(readTraceparent(unsampled)).toBe(unsampled)
    expect(isSampled(unsampled)).toBe(false)
  })

  test.each([
    ['flags that version 00 does not define', `00-${TRACE}-${SPAN}-ff`, GOOD],
    ['the random flag alone', `00-${TRACE}-${SPAN}-02`, `00-${TRACE}-${SPAN}-00`],
    ['a later version', `01-${TRACE}-${SPAN}-01`, GOOD],
    ['a later version that is longer', `cc-${TRACE}-${SPAN}-01-what-will-be`, GOOD],
  ])('with %s goes on as version 00', (_what, given, read) => {
    expect(readTraceparent(given)).toBe(read)
  })

  test.each([
    ['nothing', ''],
    ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', GOOD.toUpperCase()],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['one digit of flags', `00-${TRACE}-${SPAN}-1`],
    ['more after version 00', `${GOOD}-more`],
    ['a later version that runs on', `01-${TRACE}-${SPAN}-01more`],
    ['two values', `${GOOD},${GOOD}`],
    ['a line break at its end', `${GOOD}\n`],
    ['a space before it', ` ${GOOD}`],
  ])('is none with %s', (_what, given) => {
    expect(readTraceparent(given)).toBeUndefined()
  })
})
