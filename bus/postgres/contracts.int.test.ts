import { afterAll, beforeAll } from 'vitest'
import { createTestDatabase, type TestDatabase } from '#services/kit/testing/database.ts'
import { deadLettersContract } from '../testing/dead-letters.contract.ts'
import { idempotencyContract } from '../testing/idempotency.contract.ts'
import { inboxContract } from '../testing/inbox.contract.ts'
import { inspectionContract } from '../testing/inspection.contract.ts'
import { outboxContract } from '../testing/outbox.contract.ts'
import { relayContract } from '../testing/relay.contract.ts'
import { replySlotsContract } from '../testing/reply-slots.contract.ts'
import { sagasContract } from '../testing/sagas.contract.ts'
import { storeContract } from '../testing/store.contract.ts'
import { createTestSchema, postgresFixture } from './testing/fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await createTestSchema(database.url)
})
afterAll(() => database.drop())

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
  contract(
    'PostgreSQL',
    postgresFixture(() => database.url),
  )
