import { deadLettersContract } from '../testing/dead-letters.contract.ts'
import { idempotencyContract } from '../testing/idempotency.contract.ts'
import { inboxContract } from '../testing/inbox.contract.ts'
import { inspectionContract } from '../testing/inspection.contract.ts'
import { outboxContract } from '../testing/outbox.contract.ts'
import { relayContract } from '../testing/relay.contract.ts'
import { replySlotsContract } from '../testing/reply-slots.contract.ts'
import { sagasContract } from '../testing/sagas.contract.ts'
import { storeContract } from '../testing/store.contract.ts'
import { memoryFixture } from './testing/fixture.ts'

for (const contract of [
  storeContract,
  outboxContract,
  relayContract,
  inboxContract,
  idempotencyContract,
  deadLettersContract,
  replySlotsContract,
  inspectionContract,
  sagasContract,
])
  contract('memory', memoryFixture)
