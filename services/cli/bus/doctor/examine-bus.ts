import { msBetween } from '#domain/kernel/clock.ts'
import type { BusView } from '#services/kit/operations/bus/bus-view.ts'
import { duration } from '../duration.ts'
import type { Finding } from './finding.ts'

/** Deliveries are tried again within half a minute; what has waited longer than this is not a passing failure. */
const LAG_MS = 60_000
/** A key that failed so often is not a passing failure. */
const ATTEMPTS = 3
const MOST_KEYS = 10

/** How long the oldest message has waited, in milliseconds; 0 where none waits. */
export const lagMs = ({ now, outbox: { oldestAt } }: BusView): number =>
  oldestAt === undefined ? 0 : Math.max(0, msBetween(oldestAt, now))

export const leasedSlots = ({ now, replySlots }: BusView): number =>
  replySlots.filter(({ until }) => until > now).length

/** What is wrong with the relay, the held keys and the reply slots of one service. */
export function examineBus(service: string, view: BusView, slotsMade: number): Finding[] {
  const { outbox, shards, relays, heldKeys, now } = view
  const relayed = relays.reduce((sum, relay) => sum + relay.shards, 0)
  const lag = lagMs(view)
  const found: Finding[] = []
  if (relayed < shards)
    found.push({
      where: service,
      problem: `nobody relays ${shards - relayed} of ${shards} shards of its outbox`,
      help: 'A killed relay is followed within 15 s, a starting one takes its shards at once. If this stays: start the service, and read its log for "relay".',
    })
  if (lag > LAG_MS)
    found.push({
      where: service,
      problem: `${outbox.rows} messages wait in its outbox, the oldest for ${duration(lag)}`,
      help:
        outbox.heldKeys > 0
          ? 'Keys are held back: the reasons below say what stops them. Nothing is lost meanwhile.'
          : 'No key is held back, so that it is the relay that is slow or stands still: read the log of the service, and see whether its queues, event bus and database answer.',
    })
  const often = heldKeys.filter(({ attempts }) => attempts >= ATTEMPTS)
  for (const { key, attempts, until, reason } of often.slice(0, MOST_KEYS))
    found.push({
      where: service,
      problem: `the key ${key} failed ${attempts} times, and is tried again in ${duration(msBetween(now, until))}: ${reason}`,
      help: 'Remove the reason; its messages then leave in their order by themselves, without a restart.',
    })
  if (outbox.heldKeys > MOST_KEYS && often.length > MOST_KEYS)
    found.push({
      where: service,
      problem: `${outbox.heldKeys} keys are held back in all`,
      help: 'Many keys with one reason are one trouble: begin with the reason that is shown most.',
    })
  const leased = leasedSlots(view)
  if (leased >= slotsMade)
    found.push({
      where: service,
      problem: `all of its ${slotsMade} reply slots are leased`,
      help: 'One more instance would ask over HTTP, which works and is slower. Raise REPLY_SLOTS for the deployment and the services, and deploy.',
    })
  return found
}
