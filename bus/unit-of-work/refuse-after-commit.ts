import type { DomainError } from '#domain/kernel/errors.ts'

class RefusalAfterCommit extends Error {
  override name = 'RefusalAfterCommit'
  readonly refusal: DomainError
  constructor(refusal: DomainError) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/**
 * Makes a refusal that keeps what the handler has registered: a stolen token ends its session, a wrong try is counted,
 * and only then the caller is refused. Any other error discards the unit of work.
 * @example
 * sessions.save(tx, session)
 * throw refuseAfterCommit(SessionEnded())
 */
export const refuseAfterCommit = (refusal: DomainError): Error => new RefusalAfterCommit(refusal)

/** The refusal behind what a handler threw, when it keeps what was registered. */
export const refusalAfterCommit = (error: unknown): DomainError | undefined =>
  error instanceof RefusalAfterCommit ? error.refusal : undefined
