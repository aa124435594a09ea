import { DomainError } from '#domain/kernel/errors.ts'
import { SECOND } from '#domain/kernel/clock.ts'
import type { UserId } from '#domain/kernel/ids.ts'
import type { Actor } from '#bus/cqrs/actor.ts'
import type { World } from '../world/world.ts'

/** What somebody was told. */
export interface Answer {
  readonly caller: UserId
  readonly type: string
  readonly key: string | undefined
  readonly input: unknown
  readonly outcome: 'done' | 'refused'
  /** The output; for a refusal its code and message. */
  readonly body: unknown
}

/** One intent as its caller sent it, answered or not. */
export interface Attempt {
  readonly caller: UserId
  readonly type: string
  readonly key: string | undefined
  readonly input: unknown
}

/** Everything that was asked from outside and what was answered: the platform's promises. */
export interface Journal {
  readonly attempts: Attempt[]
  readonly answers: Answer[]
  /** Failures that no contract names. */
  readonly surprises: string[]
}

export const createJournal = (): Journal => ({ attempts: [], answers: [], surprises: [] })

const SCOPES = new Set([
  'enrollments:write',
  'payments:write',
  'payments:admin',
  'sagas:admin',
  'dead-letters:admin',
] as const)

const TRIES = 6

/** No decision: the same request may be sent again, under the same key. */
const isPassing = (error: DomainError): boolean =>
  ['unavailable', 'rate_limited'].includes(error.kind) ||
  ['CONCURRENT_CHANGE', 'REQUEST_IN_FLIGHT'].includes(error.code)

export interface ClientOptions {
  readonly world: World
  readonly journal: Journal
  readonly userId: UserId
  readonly roles: readonly ('learner' | 'admin')[]
}

/** A person at a browser: sends a request again until it is answered, or gives up. */
export class Client {
  readonly userId: UserId
  readonly #world: World
  readonly #journal: Journal
  readonly #actor: Actor

  constructor({ world, journal, userId, roles }: ClientOptions) {
    this.userId = userId
    this.#world = world
    this.#journal = journal
    const scopes = roles.includes('admin') ? SCOPES : new Set(['enrollments:write', 'payments:write'])
    this.#actor = { kind: 'user', userId, sessionId: userId, roles, scopes, emailVerified: true }
  }

  /** Undefined when it was never answered. */
  async send(service: string, type: string, input: unknown, key?: string): Promise<Answer | undefined> {
    this.#journal.attempts.push({ caller: this.userId, type, key, input })
    for (let left = TRIES; left > 0; left--) {
      const answer = await this.#try(service, type, input, key)
      if (answer) {
        this.#journal.answers.push(answer)
        return answer
      }
      await this.#world.scheduler.sleep(this.#world.random.between(100, 20 * SECOND), `${type} is sent again`)
    }
    return undefined
  }

  async #try(service: string, type: string, input: unknown, key: string | undefined): Promise<Answer | undefined> {
    const asked = { caller: this.userId, type, key, input }
    try {
      const call = { actor: this.#actor, origin: { correlationId: this.userId }, idempotencyKey: key }
      const { output } = await this.#world.execute(service, type, input, call)
      return { ...asked, outcome: 'done', body: output }
    } catch (error) {
      if (error instanceof DomainError && isPassing(error)) return undefined
      if (!(error instanceof DomainError) || error.kind === 'internal') {
        this.#journal.surprises.push(`${type}: ${String(error)}`)
        return undefined
      }
      return { ...asked, outcome: 'refused', body: { code: error.code, message: error.message } }
    }
  }
}
