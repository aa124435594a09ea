import { describe, expect, test } from 'vitest'
import { awsEndpoint } from '../../transports/aws/testing/emulator.ts'
import { laneConformance } from '../conformance.ts'
import { callsForRequests } from './testing/counted-requests.ts'
import { openOnSqs } from './testing/on-sqs.ts'

describe.runIf(awsEndpoint)('on SQS', () => {
  laneConformance({ name: 'through SQS', open: (respond) => openOnSqs(respond) })

  test('1,000 request-replies take 700 calls at most, and make no queue', async () => {
    const calls = await callsForRequests()
    expect(Object.keys(calls).toSorted()).toEqual([
      'DeleteMessageBatchCommand',
      'ReceiveMessageCommand',
      'SendMessageBatchCommand',
    ])
    const total = Object.values(calls).reduce((sum, count) => sum + count, 0)
    expect(total, JSON.stringify(calls)).toBeLessThanOrEqual(700)
  })
})
