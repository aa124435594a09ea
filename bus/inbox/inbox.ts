/** What a service has received; the rows themselves are written by the unit of work (`receive`). */
export interface Inbox {
  /** The reply stored with the first delivery, `null` when it had none, `undefined` when the message is new. */
  storedReply(consumer: string, messageId: string): Promise<string | null | undefined>
  /** Removes rows received before `before`; queues keep messages for less long. */
  prune(before: string): Promise<number>
}
