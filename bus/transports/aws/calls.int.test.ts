import { describe, expect, test } from 'vitest'
import { BACKLOG, callsForBacklog } from './testing/backlog.ts'
import { awsEndpoint, Tally } from './testing/emulator.ts'

describe.runIf(awsEndpoint)('AWS calls that carry 1,000 messages through a deep backlog', () => {
  test('are three for ten events', async () => {
    expect(await callsForBacklog('events', Tally.Counted.type, BACKLOG)).toEqual({
      PutEventsCommand: 100,
      ReceiveMessageCommand: 100,
      DeleteMessageBatchCommand: 100,
    })
  })

  test('are three for ten commands', async () => {
    expect(await callsForBacklog('shop', Tally.Counted.type, BACKLOG)).toEqual({
      SendMessageBatchCommand: 100,
      ReceiveMessageCommand: 100,
      DeleteMessageBatchCommand: 100,
    })
  })

  test('are twenty in all for facts of a packed contract', async () => {
    expect(await callsForBacklog('events', Tally.Ticked.type, BACKLOG / 20)).toEqual({
      PutEventsCommand: 10,
      ReceiveMessageCommand: 5,
      DeleteMessageBatchCommand: 5,
    })
  })
})
