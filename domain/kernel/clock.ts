import { z } from 'zod'

const FORM = '2026-11-23T06:12:38.123Z'

/**
 * An instant as RFC 3339 UTC text. Others write it with any fraction of a second or none; parsed it has milliseconds
 * (`2026-11-23T06:12:38.123Z`), and this one form sorts as text.
 */
export const Instant = z.iso
  .datetime({ abort: true, error: `Must be an instant in UTC, such as ${FORM}.` })
  .overwrite((text) => (text.length === FORM.length ? text : new Date(text).toISOString()))
export type Instant = z.infer<typeof Instant>

/** Source of the current time; every due and expiry comparison takes its `$now` from here. */
export interface Clock {
  now(): Instant
}

let writtenMs = 0
let written: Instant = ''

/** Writing an instant costs ten times as much as reading the time, so a millisecond is written once. */
export const systemClock: Clock = {
  now: () => {
    const nowMs = Date.now()
    if (nowMs !== writtenMs) {
      written = new Date(nowMs).toISOString()
      writtenMs = nowMs
    }
    return written
  },
}

/** The instant `ms` milliseconds later (earlier when negative). */
export const addMs = (instant: Instant, ms: number): Instant => new Date(Date.parse(instant) + ms).toISOString()

/** Milliseconds from `from` to `to`; negative when `to` is earlier. */
export const msBetween = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from)

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
