import type { Inbox } from '../inbox/inbox.ts'
import type { Session } from './session.ts'
import { type MemoryState, pairOf, removeWhere } from './state.ts'

export const createMemoryInbox = ({ inbox }: MemoryState, session: Session): Inbox => ({
  storedReply: (consumer, messageId) => session.access(() => inbox.get(pairOf(consumer, messageId))?.reply),
  prune: (before) => session.access(() => removeWhere(inbox, ({ receivedAt }) => receivedAt < before)),
})
