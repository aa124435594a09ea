import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { forwardedAddress } from './admission.ts'

const socket = { incoming: { socket: { remoteAddress: '10.0.0.9' } } }

const addressOf = async (hops: number, forwarded?: string): Promise<string> => {
  const app = new Hono().get('/', (context) => context.text(forwardedAddress(hops)(context)))
  const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return (await app.request('/', { headers }, socket)).text()
}

describe('the address of a caller', () => {
  test('without a proxy is that of the socket, whatever the caller says', async () => {
    expect(await addressOf(0, '203.0.113.7')).toBe('10.0.0.9')
  })

  test('behind one proxy is what that proxy saw, not what the caller wrote before it', async () => {
    expect(await addressOf(1, '203.0.113.7')).toBe('203.0.113.7')
    expect(await addressOf(1, '127.0.0.1, 203.0.113.7')).toBe('203.0.113.7')
  })

  test('behind two proxies is what the first of them saw', async () => {
    expect(await addressOf(2, '127.0.0.1, 203.0.113.7, 10.0.0.2')).toBe('203.0.113.7')
  })

  test('is that of the socket when a request has not come through the proxies', async () => {
    expect(await addressOf(1)).toBe('10.0.0.9')
    expect(await addressOf(2, '203.0.113.7')).toBe('10.0.0.9')
  })
})
