import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Answer, Call, TestClient } from './client.ts'

/** An answer, and how often it was put off before. */
export interface PatientAnswer {
  readonly answer: Answer
  readonly putOff: number
}

const MOST_TRIES = 30

/**
 * Calls as a client does that keeps to the contract: after 503 it waits for as long as Retry-After says and asks again
 * with the same Idempotency-Key.
 */
export const callPatiently = async (
  client: TestClient,
  method: string,
  path: string,
  call: Call,
): Promise<PatientAnswer> => {
  const key = call.key ?? randomUUID()
  for (let putOff = 0; putOff < MOST_TRIES; putOff += 1) {
    const answer = await client.call(method, path, { ...call, key })
    if (answer.status !== 503) return { answer, putOff }
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    if (!(seconds > 0)) throw new Error(`${method} ${path}: 503 without Retry-After`)
    await pause(seconds * 1000)
  }
  throw new Error(`${method} ${path}: put off ${MOST_TRIES} times`)
}
