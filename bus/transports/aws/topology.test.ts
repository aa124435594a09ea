import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { event } from '#domain/kernel/event.ts'
import { message } from '#domain/kernel/message.ts'
import { patterns } from '../../patterns/patterns.ts'
import { topologyOf } from './topology.ts'

const fact = (type: string) => event(type, { version: 1, data: z.object({}) })
const Slow = message('shop.slow', { input: z.object({}), output: z.object({}), deadlineMs: 12_500 })
const Shop = patterns('shop', {
  publishes: { Sold: fact('shop.sold'), Closed: fact('shop.closed') },
  answers: { Slow },
})
const Bank = patterns('bank', { publishes: { Paid: fact('bank.paid') }, answers: {} })

const derived = (subscriptions: readonly string[], options = {}) =>
  topologyOf([{ service: 'shop', subscriptions }], { prefix: 'p', patterns: [Shop, Bank], ...options })

describe('the topology', () => {
  test('has a rule for each publisher that a service listens to, with that source alone', () => {
    expect(derived(['bank.paid', 'shop.sold']).rules).toEqual([
      {
        name: 'p-shop-from-shop',
        pattern: { source: ['edtech.shop'], 'detail-type': ['shop.sold'] },
        queue: 'p-shop-evt',
        deadLetterQueue: 'p-shop-evt-dlq',
      },
      {
        name: 'p-shop-from-bank',
        pattern: { source: ['edtech.bank'], 'detail-type': ['bank.paid'] },
        queue: 'p-shop-evt',
        deadLetterQueue: 'p-shop-evt-dlq',
      },
    ])
  })

  test('refuses a subscription to what nobody publishes', () => {
    expect(() => derived(['bank.robbed'])).toThrow('"bank.robbed", which no service publishes')
  })

  test('gives every queue a dead-letter queue that exists, and none to those', () => {
    const { queues } = derived([], { replySlots: 2 })
    const dead = queues.filter(({ purpose }) => purpose === 'dead letters')
    expect(queues.filter((queue) => !dead.includes(queue)).map(({ redrive }) => redrive?.deadLetterQueue)).toEqual(
      dead.map(({ name }) => name),
    )
    expect(dead.every(({ redrive }) => redrive === undefined)).toBe(true)
    expect(new Set(queues.map(({ name }) => name)).size).toBe(queues.length)
  })

  test('hides a message for six times what its consumer may take, and a request past its deadline', () => {
    const { queues } = derived([], { handlerSeconds: 7 })
    const hidden = Object.fromEntries(queues.map(({ name, visibilitySeconds }) => [name, visibilitySeconds]))
    expect(hidden).toMatchObject({ 'p-shop-evt': 42, 'p-shop-cmd': 42, 'p-shop-rpc': 18, 'p-shop-reply-0': 18 })
  })

  test('splits a pattern that EventBridge would not take', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`E${n}`, fact(`shop.an_event_with_a_long_name_${n}`)]),
    )
    const Large = patterns('shop', { publishes: many, answers: {} })
    const types = Large.events.map(({ type }) => type)
    const { rules } = derived(types, { patterns: [Large] })
    expect(rules.length).toBeGreaterThan(1)
    expect(rules.every(({ pattern }) => JSON.stringify(pattern).length <= 2_048)).toBe(true)
    expect(rules.flatMap(({ pattern }) => pattern['detail-type'])).toEqual(types)
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  })
})
