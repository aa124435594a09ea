import postgres from 'postgres'
import type { Clock } from '#domain/kernel/clock.ts'
import type { Secrets } from '#services/kit/secrets.ts'
import { LEARNING_INVARIANTS } from '#services/learning/testing/invariants.ts'
import { control } from '#services/payment/sandbox/testing/start-sandbox.ts'
import { eventually } from './poll.ts'

/** What is looked at: the database of the services, and the provider with its own books. */
export interface Books {
  readonly databaseUrl: string
  readonly sandbox: { readonly baseUrl: string }
  readonly secrets: Pick<Secrets, 'stripeSecretKey'>
  readonly clock: Clock
}

/** One invariant that does not hold, with the rows that show it. */
export interface Broken {
  readonly invariant: string
  readonly rows: readonly object[]
}

const SERVICES = ['user', 'learning', 'payment']

const inEachService = (query: (schema: string) => string): string =>
  SERVICES.map((schema) => `(${query(schema)})`).join(' union all ')

/**
 * Queries for the rows that break an invariant of reliability.md. `charges` and `refunds` are the provider's own books;
 * `kept` is what is left of a charge when its refunds and lost disputes are subtracted, `held` what the provider has of it:
 * a bank holds the money of an open dispute.
 */
const INVARIANTS = {
  'I1: nobody is charged twice for one enrollment': `
    select enrollment_id, count(*) as charges from charges group by enrollment_id having count(*) > 1`,
  'I2: a captured charge has an active enrollment or a refund': `
    select c.*, e.status from charges c left join learning.enrollments e on e.id = c.enrollment_id
    where c.kept > 0 and e.status is distinct from 'ACTIVE' and e.status is distinct from 'COMPLETED'`,
  'I3: an active enrollment has a valid grant': LEARNING_INVARIANTS.I3,
  'I3: a purchase grant has its charge': `
    select g.ref, g.enrollment_id from learning.enrollment_grants g
    where g.source = 'purchase' and g.revoked_at is null
      and not exists (select 1 from charges c where c.payment_id = g.ref and c.kept > 0)`,
  'I4: seats are counted and within capacity': LEARNING_INVARIANTS.I4,
  'I5: nothing waits to be delivered': inEachService(
    (schema) => `select '${schema}' as service, key, type from "${schema}".outbox`,
  ),
  'I5: nothing was given up': inEachService(
    (schema) => `select '${schema}' as service, type, reason from "${schema}".dead_letters`,
  ),
  'I8: a saga ends by its deadline or is parked': `
    select key, status, step from learning.saga
    where status in ('running', 'compensating')
      and (instance->'timers'->>'deadline')::timestamptz + interval '60 seconds' < $1::timestamptz`,
  'I10: the ledger sums to zero per transaction and currency': `
    select reference, currency, sum(amount) from payment.ledger_entries
    group by reference, currency having sum(amount) <> 0`,
  'I10: the ledger holds at the provider what the provider holds': `
    select currency, booked, held from
      (select lower(currency) as currency, sum(amount) as booked from payment.ledger_entries
        where account = 'provider' group by 1) as ours
      full join (select currency, sum(held) as held from charges group by 1) as theirs using (currency)
    where coalesce(booked, 0) <> coalesce(held, 0)`,
  'I10: a payment is completed exactly where its charge was captured': `
    select p.id, p.status, c.intent from
      (select * from payment.payments where status = 'COMPLETED') p
      full join charges c on c.payment_id = p.id
    where p.id is null or c.intent is null or p.amount <> c.captured or p.refunded + p.refund_pending + p.charged_back <> c.captured - c.kept or p.disputed <> c.kept - c.held`,
  'I12: a saga that was undone left no access': `
    select s.key, s.status, e.status as enrollment from learning.saga s join learning.enrollments e on e.id = s.key
    where s.type = 'CourseEnrollment' and s.status in ('compensated', 'cancelled') and e.status in ('ACTIVE', 'COMPLETED')`,
} as const

/** The provider's books, as rows for the database to compare with its own. */
const readCharges = async ({ sandbox, secrets }: Books) => {
  const { charges, refunds, disputes } = await control(sandbox.baseUrl, secrets.stripeSecretKey).ledger()
  const givenBack = (intent: string): number =>
    refunds
      .filter(({ payment_intent, status }) => payment_intent === intent && status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
  const withdrawn = (intent: string, statuses: readonly string[]): number =>
    disputes
      .filter(({ payment_intent, status }) => payment_intent === intent && statuses.includes(status))
      .reduce((sum, { amount }) => sum + amount, 0)
  return charges
    .filter(({ status }) => status === 'succeeded')
    .map(({ payment_intent: intent, amount_captured: captured, currency, metadata }) => {
      const kept = captured - givenBack(intent) - withdrawn(intent, ['lost'])
      return {
        intent,
        payment_id: metadata['paymentId'],
        enrollment_id: metadata['course'],
        currency,
        captured,
        kept,
        held: kept - withdrawn(intent, ['needs_response', 'under_review']),
      }
    })
}

/** What does not hold at this moment. Some may only hold once everything has come to rest. */
export const brokenInvariants = async (books: Books): Promise<readonly Broken[]> => {
  const sql = postgres(books.databaseUrl, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(
      'create temp table charges (intent text, payment_id text, enrollment_id text, currency text, captured int, kept int, held int)',
    )
    await sql`insert into charges select * from json_populate_recordset(null::charges, ${JSON.stringify(await readCharges(books))}::text::json)`
    const broken: Broken[] = []
    for (const [invariant, query] of Object.entries(INVARIANTS)) {
      const rows = await sql.unsafe(query, query.includes('$1') ? [books.clock.now()] : [])
      if (rows.length > 0) broken.push({ invariant, rows: [...rows] })
    }
    return broken
  } finally {
    await sql.end()
  }
}

/**
 * Waits until every invariant of money and seats holds: that all came to rest and came out right. Fails with the
 * invariants that still do not hold, and the rows that show it.
 */
export const checkMoneyAndSeats = async (books: Books, withinMs = 30_000): Promise<void> => {
  let broken: readonly Broken[] = []
  const holds = async (): Promise<boolean> => {
    broken = await brokenInvariants(books)
    return broken.length === 0
  }
  await eventually('invariants', holds, withinMs).catch((error: unknown) => {
    const [first] = broken
    throw first === undefined ? error : new Error(`Broken: ${JSON.stringify(broken, null, 2)}`, { cause: error })
  })
}
