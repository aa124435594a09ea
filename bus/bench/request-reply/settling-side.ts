// P7: when all of many calls at once are settled, of whose answers one in a hundred is lost.
import { addMs, systemClock } from '#domain/kernel/clock.ts'
import { systemIds } from '#services/kit/ids.ts'
import { Users } from '../../patterns/user.ts'
import { createRequester, type Lane, OutcomeUnknown } from '../../request-reply/requester.ts'
import { serveRounds } from '../harness/side.ts'

const DEADLINE_MS = 1_000
/** The requester keeps so much of its caller's time back. */
const MARGIN_MS = 50
const EVERY = 100

let asked = 0
/** Loses one answer of a hundred. */
const lane: Lane = async (_service, _request) => {
  asked++
  if (asked % EVERY === 0) return new Promise(() => undefined)
  await new Promise(setImmediate)
  return { outcome: 'replied', output: { active: true } }
}
const requester = createRequester({ service: 'learning', lane, clock: systemClock, ids: systemIds })
const sid = Users.CheckSession.input.parse({ sid: systemIds.next('ses') })

serveRounds({
  run: async (operations) => {
    const startedMs = performance.now()
    const options = { origin: { correlationId: 'cor_1' }, deadline: addMs(systemClock.now(), DEADLINE_MS + MARGIN_MS) }
    let unknown = 0
    let latestMs = 0
    const one = async (): Promise<void> => {
      try {
        await requester.request(Users.CheckSession, sid, options)
      } catch (error) {
        if (!OutcomeUnknown.is(error)) throw error
        unknown++
      }
      latestMs = performance.now() - startedMs
    }
    await Promise.all(Array.from({ length: operations }, one))
    if (unknown !== operations / EVERY) throw new Error(`${unknown} calls came to no answer.`)
    return { 'ms after the deadline': latestMs - DEADLINE_MS }
  },
})
