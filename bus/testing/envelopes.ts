import { type Envelope, encodeEnvelope } from '../envelope.ts'
import type { Incoming } from '../transports/transport.ts'

type Changes = Partial<Envelope> & Pick<Envelope, 'messagekind' | 'type' | 'data'>

/** An envelope as the service `tally` would send it. */
const envelope = (changes: Changes): Envelope => ({
  specversion: '1.0',
  id: 'msg_1',
  source: 'edtech.tally',
  time: '2026-03-01T12:00:00.000Z',
  subject: 'a',
  dataversion: 1,
  correlationid: 'cor_1',
  ...changes,
})

/** An envelope on its way in; a first attempt that is not the last, when nothing else is said. */
export const incoming = (changes: Changes, attempt: Partial<Incoming> = {}): Incoming => ({
  body: encodeEnvelope(envelope(changes)),
  attempt: 1,
  lastAttempt: false,
  ...attempt,
})
