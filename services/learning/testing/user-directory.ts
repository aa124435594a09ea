import type { UserId } from '#domain/kernel/ids.ts'
import type { ReplyData } from '#bus/envelope.ts'
import { Users } from '#bus/patterns/user.ts'

interface Request {
  readonly type: string
  readonly data: unknown
}

/** The part of the user service that others ask: public profiles, which tests set. */
export const createUserDirectory = () => {
  const names = new Map<UserId, string>()
  const asked: UserId[] = []
  return {
    names,
    /** Whose profile was asked for, in order. */
    asked,
    respond: async ({ type, data }: Request): Promise<ReplyData> => {
      if (type !== Users.GetPublicProfiles.type)
        return { outcome: 'faulted', code: 'UNIMPLEMENTED', kind: 'internal', detail: type }
      const { userIds } = Users.GetPublicProfiles.input.parse(data)
      asked.push(...userIds)
      const profiles = userIds.flatMap((userId) => {
        const displayName = names.get(userId)
        return displayName === undefined ? [] : [{ userId, displayName, bio: '', slug: null }]
      })
      return { outcome: 'replied', output: { profiles } }
    },
  }
}
