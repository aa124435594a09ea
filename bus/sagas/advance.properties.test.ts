import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMs, MINUTE } from '#domain/kernel/clock.ts'
import { createAdvance, type SagaMessage, type Step } from './advance.ts'
import { isFinal } from './instance.ts'
import { cancel, faulted, paid, replied, START, timer } from './testing/story.ts'
import { Trip } from './testing/trip.ts'

/** Which requests the world declines, and whether it pays and cancels. */
interface World {
  readonly declines: readonly string[]
  readonly pays: boolean
  readonly cancels: boolean
}

const trip = createAdvance(Trip)
const answer = (step: string, { declines }: World): SagaMessage =>
  declines.includes(step) ? faulted(step) : replied(step)

/** What the network does, turn after turn: which message it takes, whether it keeps a copy, whether it loses a reply. */
interface Network {
  readonly picks: readonly number[]
  readonly repeats: readonly boolean[]
  readonly losses: readonly boolean[]
}

const at = <T>(turns: readonly T[], turn: number): T | undefined => turns[turn % turns.length]

/** Runs a trip to its end. When nothing is under way any more the next timer fires: a resend, at last the deadline. */
const live = (world: World, { picks, repeats, losses }: Network) => {
  const underway: SagaMessage[] = [...(world.pays ? [paid] : []), ...(world.cancels ? [cancel] : [])]
  const sent = new Set<string>()
  const published: string[] = []
  let now = START
  let turn = 0

  const take = (step: Step): Step => {
    for (const request of step.requests) {
      sent.add(request.step)
      underway.push(answer(request.step, world))
    }
    published.push(...step.publish.map(({ definition }) => definition.type))
    return step
  }
  /** The door of the runner: a cancel that comes too late is refused. */
  const isRefused = (message: SagaMessage, { instance }: Step): boolean =>
    message.kind === 'cancel' && (instance.status !== 'running' || instance.pivoted)

  let last = take(trip.start('a', { tripId: 'a' }, 'cor_1', now))
  const deliver = (message: SagaMessage) => {
    now = addMs(now, MINUTE)
    if (!isRefused(message, last)) last = take(trip.receive(last.instance, message, now))
  }

  for (let rounds = 0; rounds < 200; rounds++) {
    if (underway.length === 0) {
      const armed = Object.entries(last.instance.timers).filter(([name]) => name !== 'remind')
      const [name, due] = armed.toSorted(([, one], [, other]) => (one < other ? -1 : 1))[0] ?? []
      if (name === undefined || due === undefined) break
      now = due > now ? due : now
      deliver(timer(name))
      continue
    }
    turn += 1
    const next = (at(picks, turn) ?? 0) % underway.length
    const [message] = at(repeats, turn) ? underway.slice(next, next + 1) : underway.splice(next, 1)
    const isReply = message?.kind === 'replied' || message?.kind === 'faulted'
    if (message && !(isReply && at(losses, turn))) deliver(message)
  }
  return { instance: last.instance, sent, published }
}

/** Nothing is repeated or lost for ever: at least one turn is spared. */
const mischief = fc.array(fc.boolean(), { maxLength: 7 }).map((turns) => [...turns, false])
const network: fc.Arbitrary<Network> = fc.record({
  picks: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 12 }),
  repeats: mischief,
  losses: mischief,
})

const whatever = (world: World, check: (end: ReturnType<typeof live>) => void) =>
  fc.assert(
    fc.property(network, (disturbed) => check(live(world, disturbed))),
    { numRuns: 300 },
  )

test('a paid trip is booked once, in whatever order and however often its messages arrive', () => {
  whatever({ declines: [], pays: true, cancels: false }, ({ instance, sent, published }) => {
    expect(instance).toMatchObject({ status: 'completed', pending: [] })
    expect([...sent].toSorted()).toEqual(['flight', 'hotel', 'issue'])
    expect(published.filter((type) => type === 'trip.booked')).toHaveLength(1)
  })
})

test.each(['flight', 'hotel'])('a trip whose %s is declined is undone and its money goes back', (step) => {
  whatever({ declines: [step], pays: true, cancels: false }, ({ instance, sent, published }) => {
    expect(instance).toMatchObject({ status: 'compensated', pending: [], stack: [] })
    expect(sent).toContain('cancelFlight')
    expect(sent).toContain('refund')
    expect(sent).not.toContain('issue')
    expect(published).not.toContain('trip.booked')
  })
})

test('a trip that nobody pays ends at its deadline', () => {
  whatever({ declines: [], pays: false, cancels: false }, ({ instance, sent }) => {
    expect(instance).toMatchObject({ status: 'compensated', stack: [] })
    expect([...sent].toSorted()).toEqual(['cancelFlight', 'cancelHotel', 'flight', 'hotel'])
  })
})

test('a ticket that is declined fails the trip and undoes nothing', () => {
  whatever({ declines: ['issue'], pays: true, cancels: false }, ({ instance, sent }) => {
    expect(instance.status).toBe('failed')
    expect(sent).not.toContain('refund')
  })
})

test('a cancel and a payment that race end in a ticket or in a refund, never in both', () => {
  whatever({ declines: [], pays: true, cancels: true }, ({ instance, sent, published }) => {
    expect(isFinal(instance)).toBe(true)
    expect(instance.pending).toEqual([])
    const booked = instance.status === 'completed'
    expect(['completed', 'cancelled']).toContain(instance.status)
    expect(published.includes('trip.booked')).toBe(booked)
    expect(sent.has('refund')).toBe(!booked)
  })
})
