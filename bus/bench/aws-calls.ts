// The AWS calls that 1,000 messages take, counted at the client, and what a million comes to.
import { BACKLOG, callsForBacklog } from '../transports/aws/testing/backlog.ts'
import { awsEndpoint, Tally } from '../transports/aws/testing/emulator.ts'
import { callsForRequests, REQUESTS } from '../request-reply/sqs-lane/testing/counted-requests.ts'
import { unmeasured, verdict } from './harness/report.ts'

const ID = 'P13'

/** US dollars for a million (EventBridge and SQS, us-east-1): an event published, and a call to SQS. */
const PER_MILLION = { event: 1, call: 0.4 }

interface Row {
  readonly what: string
  readonly calls: Readonly<Record<string, number>>
  readonly most: number
  /** Entries published as events, each of which EventBridge also delivers into one queue. */
  readonly published: number
  /** Calls for one message without batches. */
  readonly unbatched: number
}

const total = (calls: Row['calls']): number => Object.values(calls).reduce((sum, count) => sum + count, 0)

/** For a million messages, of which a thousand were counted. */
const dollars = ({ calls, published }: Pick<Row, 'calls' | 'published'>): number => {
  const toSqs = total(calls) - (calls['PutEventsCommand'] ?? 0) + published
  return (published * PER_MILLION.event + toSqs * PER_MILLION.call) / 1_000
}

const print = (row: Row): void => {
  const { what, calls, most, published, unbatched } = row
  const alone = published > 0 ? BACKLOG : 0
  const single = dollars({ calls: { each: unbatched * 1_000 - alone }, published: alone })
  console.log(
    `${what.padEnd(16)} ${String(total(calls)).padStart(5)} calls, one a message ${unbatched * 1_000};` +
      ` a million: $${dollars(row).toFixed(2)}, one a message $${single.toFixed(2)}`,
  )
  verdict(ID, `AWS calls for 1,000 ${what}`, total(calls), `<= ${most}`, total(calls) <= most)
}

if (awsEndpoint === undefined) unmeasured(ID, 'AWS calls for 1,000 messages', 'AWS_ENDPOINT_URL names no queue service')
else {
  const events = await callsForBacklog('events', Tally.Counted.type, BACKLOG)
  print({ what: 'events', calls: events, most: 300, published: BACKLOG, unbatched: 3 })
  const packed = await callsForBacklog('events', Tally.Ticked.type, BACKLOG / 20)
  print({ what: 'packed facts', calls: packed, most: 300, published: BACKLOG / 20, unbatched: 3 })
  const commands = await callsForBacklog('shop', Tally.Counted.type, BACKLOG)
  print({ what: 'commands', calls: commands, most: 300, published: 0, unbatched: 3 })
  const requests = await callsForRequests()
  print({ what: 'request-replies', calls: requests, most: REQUESTS * 0.7, published: 0, unbatched: 6 })
}
