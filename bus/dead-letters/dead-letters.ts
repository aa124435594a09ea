/** A message that a consumer could not handle in its last attempt. */
export interface DeadLetter {
  readonly id: string
  readonly consumer: string
  readonly messageId: string
  readonly type: string
  readonly key: string
  /** The envelope as it arrived. */
  readonly envelope: string
  readonly reason: string
  readonly failedAt: string
}

/** The dead letters of one service. */
export interface DeadLetters {
  add(letter: DeadLetter): Promise<void>
  /** Oldest first, after the given id. */
  list(after: string | undefined, limit: number): Promise<readonly DeadLetter[]>
  find(id: string): Promise<DeadLetter | undefined>
  /** True when it was there. */
  remove(id: string): Promise<boolean>
}
