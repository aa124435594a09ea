import { z } from 'zod'
import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { Instant } from '../kernel/clock.ts'
import { UserId } from '../kernel/ids.ts'
import { ConsentNotWithdrawable } from './errors.ts'

/** What can be agreed to. Nothing is agreed to before it is said. */
export const ConsentPurpose = z.enum(['terms', 'privacy', 'marketing_email', 'analytics'])
export type ConsentPurpose = z.infer<typeof ConsentPurpose>

/** Without these there can be no account, so that they end with it. */
const NEEDED: readonly ConsentPurpose[] = ['terms', 'privacy']

/** The version of the text that was shown, as its publisher names it. */
export const DocumentVersion = z
  .string()
  .max(40)
  .regex(/^[\w.-]{1,40}$/, 'Letters, digits, dots and hyphens, at most 40.')

/** What a user said about a purpose, and when. */
export const ConsentWord = z.object({
  userId: UserId,
  purpose: ConsentPurpose,
  given: z.boolean(),
  documentVersion: DocumentVersion,
  recordedAt: Instant,
})
export type ConsentWord = z.infer<typeof ConsentWord>

export interface ConsentState extends ConsentWord {
  readonly id: string
}

const stateOf = (word: ConsentWord): ConsentState => ({ ...word, id: `${word.userId}/${word.purpose}` })

/** The last word of a user about one purpose; its version counts the words. */
export class Consent extends AggregateRoot<ConsentState> {
  /** Throws `ConsentNotWithdrawable`. */
  static first(word: ConsentWord): Consent {
    assertAllowed(word)
    return new Consent(stateOf(word), 0)
  }

  static restore(word: ConsentWord, version: number): Consent {
    return new Consent(stateOf(word), version)
  }

  /** Again the same changes nothing, and keeps when it was said. Throws `ConsentNotWithdrawable`. */
  record(word: Pick<ConsentWord, 'given' | 'documentVersion'>, at: Instant): void {
    const { state } = this
    if (state.given === word.given && state.documentVersion === word.documentVersion) return
    const next = { ...state, ...word, recordedAt: at }
    assertAllowed(next)
    this.become(next)
  }
}

const assertAllowed = ({ purpose, given }: ConsentWord): void => {
  if (!given && NEEDED.includes(purpose)) throw ConsentNotWithdrawable(purpose)
}
