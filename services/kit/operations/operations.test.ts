import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { HOUR, MINUTE } from '#domain/kernel/clock.ts'
import { event } from '#domain/kernel/event.ts'
import { defineSaga, request } from '#domain/kernel/saga.ts'
import type { UserActor } from '#bus/cqrs/actor.ts'
import { createMemoryBusStores } from '#bus/memory/stores.ts'
import { on } from '#bus/messaging/handlers.ts'
import { Learning } from '#bus/patterns/learning.ts'
import { patterns } from '#bus/patterns/patterns.ts'
import { createManualClock } from '#bus/testing/clock.ts'
import { createMemoryTransport } from '#bus/transports/memory/memory.ts'
import { runInUnitOfWork } from '#bus/unit-of-work/run.ts'
import { createHttpApp } from '../http/app.ts'
import { createCursors } from '../http/cursor.ts'
import { systemIds } from '../ids.ts'
import { bindValue } from '../module.ts'
import { Cursors, Sagas } from '../ports.ts'
import { createRuntime } from '../runtime.ts'
import { busOperations } from './bus.ts'
import { deadLetterOperations } from './dead-letters.ts'
import { sagaOperations } from './sagas.ts'

const ORIGIN = { correlationId: 'cor_1' }
const Rung = event('bell.rung', { version: 1, data: z.object({ n: z.int() }) })

const enrollmentId = systemIds.next('enr')
const Ringing = defineSaga(
  { name: 'Ringing', version: 1, state: z.object({ rings: z.int() }), deadlineMs: HOUR, pivot: 'ring' },
  (on) => ({
    start: () => ({ send: [request('release', Learning.ReleaseEnrollment, { enrollmentId, reason: 'cancelled' })] }),
    events: [on.event(Rung, { key: () => 'tower:1', running: () => ({ done: true }) })],
    replies: [on.reply('release', Learning.ReleaseEnrollment, { replied: () => ({}), faulted: () => ({}) })],
    timers: {},
    compensations: [],
  }),
)

const admin: UserActor = {
  kind: 'user',
  userId: systemIds.next('usr'),
  sessionId: 'ses_1',
  roles: ['admin'],
  scopes: new Set(['sagas:admin', 'dead-letters:admin', 'bus:admin']),
  emailVerified: true,
}

/** A service with a saga and two consumers of one event, of which `deaf` fails as often as it is told to. */
const startBell = () => {
  const clock = createManualClock()
  const stores = createMemoryBusStores({ service: 'bell', ids: systemIds, clock })
  const transport = createMemoryTransport({ maxAttempts: 2 })
  const heard: string[] = []
  const failures = { deaf: 0 }
  const hear = (name: 'deaf' | 'keen') =>
    on(Rung, {}, async ({ data }) => {
      if (name === 'deaf' && failures.deaf-- > 0) throw new Error('Too loud')
      heard.push(`${name} ${data.n}`)
    })
  const parts = [sagaOperations('bell', [Ringing]), deadLetterOperations('bell'), busOperations('bell')]
  const runtime = createRuntime(
    {
      name: 'bell',
      patterns: patterns('bell', { publishes: { Rung }, answers: {} }),
      commands: parts.flatMap(({ commands }) => commands),
      queries: parts.flatMap(({ queries }) => queries),
      messages: [],
      events: { deaf: hear('deaf'), keen: hear('keen') },
      local: [],
      sagas: [Ringing],
    },
    [bindValue(Cursors, createCursors('a secret of at least 32 characters'))],
    stores,
    {
      clock,
      ids: systemIds,
      random: () => 0,
      transport,
      lane: () => Promise.reject(new Error('Nobody is asked here.')),
      observe: { handled: () => {}, duplicate: () => {}, failed: () => {}, expired: () => {} },
    },
  )
  const http = createHttpApp({
    service: 'bell',
    title: 'Bell',
    version: '1.0.0',
    routes: parts.flatMap(({ routes }) => routes),
    buses: runtime.buses,
    resolve: runtime.resolve,
    authenticate: async () => admin,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  })
  const call = async (method: string, path: string) => {
    const response = await http.fetch(new Request(`http://localhost/v1${path}`, { method }))
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  const ring = async (n: number) => {
    await runInUnitOfWork(stores.store, clock, ORIGIN, async (tx) => tx.publish(Rung, { n }, 'tower'))
    await runtime.relay()
    clock.advance(MINUTE)
    await runtime.relay()
  }
  const leaveUnsent = (n: number) =>
    runInUnitOfWork(stores.store, clock, ORIGIN, async (tx) => tx.publish(Rung, { n }, 'tower'))
  const start = (key: string) =>
    runInUnitOfWork(stores.store, clock, ORIGIN, async (tx) =>
      runtime.resolve(Sagas).start(tx, Ringing, key, { rings: 0 }),
    )
  return { clock, http, call, ring, leaveUnsent, relay: runtime.relay, start, heard, failures }
}

let bell: ReturnType<typeof startBell>
beforeEach(() => {
  bell = startBell()
})

describe('dead letters', () => {
  const deadLetterOf = async (n: number): Promise<string> => {
    bell.failures.deaf = 2
    await bell.ring(n)
    bell.heard.length = 0
    const { body } = await bell.call('GET', '/dead-letters/bell')
    return body.items.at(-1).deadLetterId
  }

  test('are listed page by page and shown with their envelope', async () => {
    const ids = [await deadLetterOf(1), await deadLetterOf(2), await deadLetterOf(3)]
    const first = await bell.call('GET', '/dead-letters/bell?limit=2')
    const second = await bell.call('GET', `/dead-letters/bell?limit=2&cursor=${first.body.nextCursor}`)
    const listed = [...first.body.items, ...second.body.items]
    expect(listed.map(({ deadLetterId }) => deadLetterId)).toEqual(ids)
    expect(listed[0]).toMatchObject({
      consumer: 'bell/deaf',
      type: 'bell.rung',
      key: 'tower',
      reason: 'Error: Too loud',
    })
    const { body } = await bell.call('GET', `/dead-letters/bell/${ids[0]}`)
    expect(JSON.parse(body.envelope)).toMatchObject({ type: 'bell.rung', data: { n: 1 } })
  })

  test('are handed again to the consumer that failed and to no other', async () => {
    const id = await deadLetterOf(1)
    const redriven = await bell.call('POST', `/dead-letters/bell/${id}/redrive`)
    expect([redriven.status, redriven.headers.get('location')]).toEqual([202, `/v1/dead-letters/bell/${id}`])
    expect(bell.heard).toEqual(['deaf 1'])
    expect((await bell.call('GET', `/dead-letters/bell/${id}`)).status).toBe(404)
  })

  test('stay when their consumer fails again', async () => {
    const id = await deadLetterOf(1)
    bell.failures.deaf = 1
    const refused = await bell.call('POST', `/dead-letters/bell/${id}/redrive`)
    expect([refused.status, refused.body.code]).toEqual([409, 'REDRIVE_FAILED'])
    expect(refused.body.detail).toContain('Too loud')
    expect((await bell.call('GET', '/dead-letters/bell')).body.items).toHaveLength(1)
  })

  test('are dropped once', async () => {
    const id = await deadLetterOf(1)
    expect((await bell.call('DELETE', `/dead-letters/bell/${id}`)).status).toBe(204)
    expect((await bell.call('DELETE', `/dead-letters/bell/${id}`)).status).toBe(404)
    expect(bell.heard).toEqual([])
  })
})

describe('the bus of a service', () => {
  test('is shown with what waits, what is held back and who relays', async () => {
    bell.failures.deaf = 1
    const oldestAt = bell.clock.now()
    await bell.leaveUnsent(1)
    const before = await bell.call('GET', '/bus/bell')
    expect(before.status).toBe(200)
    expect(before.body.outbox).toEqual({ rows: 1, oldestAt, heldKeys: 0 })
    expect(before.body).toMatchObject({ heldKeys: [], relays: [], replySlots: [] })
    await bell.relay()
    const { body } = await bell.call('GET', '/bus/bell')
    expect(body.outbox).toMatchObject({ rows: 1, heldKeys: 1 })
    expect(body.heldKeys).toMatchObject([{ key: 'tower', attempts: 1, reason: expect.stringContaining('Too loud') }])
    expect(body.relays).toEqual([{ session: 1, shards: body.shards }])
  })
})

describe('sagas', () => {
  const path = `/sagas/bell/${encodeURIComponent('Ringing:tower:1')}`

  test('are shown with state, pending requests, timers and journal, whether or not the colon is encoded', async () => {
    await bell.start('tower:1')
    const { status, body } = await bell.call('GET', path)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      sagaId: 'Ringing:tower:1',
      status: 'running',
      state: { rings: 0 },
      pending: [{ step: 'release', type: 'course.release_enrollment', attempts: 1 }],
      journal: [{ message: 'started', outputs: ['send release'] }],
    })
    expect(Object.keys(body.timers)).toEqual(['deadline', 'reply:release'])
    expect((await bell.call('GET', '/sagas/bell/Ringing:tower:1')).status).toBe(200)
    expect((await bell.call('GET', '/sagas/bell/Ringing:tower:2')).status).toBe(404)
  })

  test('are listed by type, status and how long they have not moved, page by page', async () => {
    for (const key of ['a', 'b', 'c']) {
      await bell.start(key)
      bell.clock.advance(MINUTE)
    }
    const keysOf = async (query: string) => {
      const { body } = await bell.call('GET', `/sagas/bell?${query}`)
      return { keys: body.items.map(({ key }: { key: string }) => key), cursor: body.nextCursor }
    }
    const first = await keysOf('type=Ringing&status=running&limit=2')
    expect(first.keys).toEqual(['c', 'b'])
    const rest = await keysOf(`type=Ringing&status=running&limit=2&cursor=${first.cursor}`)
    expect(rest).toEqual({ keys: ['a'], cursor: undefined })
    expect((await keysOf('stuckForMinutes=2')).keys).toEqual(['a'])
    expect((await keysOf('status=parked')).keys).toEqual([])
    expect((await bell.call('GET', `/sagas/bell?status=failed&cursor=${first.cursor}`)).status).toBe(400)
  })

  test('can be retried and cancelled until they have ended', async () => {
    await bell.start('tower:1')
    const retried = await bell.call('POST', `${path}/retry`)
    expect([retried.status, retried.headers.get('location')]).toEqual([202, `/v1${path}`])
    expect((await bell.call('POST', `${path}/cancel`)).status).toBe(202)
    const { body } = await bell.call('GET', path)
    expect(body.status).toBe('cancelled')
    expect(body.journal.map((entry: { message: string }) => entry.message)).toEqual(['started', 'retry', 'cancel'])
    expect((await bell.call('POST', `${path}/retry`)).body.code).toBe('SAGA_ENDED')
    expect((await bell.call('POST', `${path}/cancel`)).status).toBe(409)
    expect((await bell.call('POST', '/sagas/bell/Ringing:none/cancel')).status).toBe(404)
  })

  test('show their definition as a diagram', async () => {
    const { body } = await bell.call('GET', '/sagas/bell/definitions/Ringing')
    expect(body.mermaid).toContain('step_release["release<br/>course.release_enrollment to learning"]')
    expect(body.mermaid).toContain('event_bell_rung>"bell.rung"] --> running')
    expect((await bell.call('GET', '/sagas/bell/definitions/Nothing')).status).toBe(404)
  })
})
