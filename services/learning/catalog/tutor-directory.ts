import type { UserId } from '#domain/kernel/ids.ts'
import { Users } from '#bus/patterns/user.ts'
import type { Requester } from '#bus/request-reply/requester.ts'
import type { Origin } from '#bus/unit-of-work/unit-of-work.ts'
import type { TutorNameRegistry } from '../ports.ts'

/** Shown where an account is gone or has no public profile. */
const NAMELESS = 'Tutor'

/** Public names of tutors, asked of the user service and kept. */
export interface TutorDirectory {
  /**
   * Asks for the name and keeps it, unless that of a later profile stands.
   * @param profileVersion of a profile that is known to exist; what is answered is that one or a later one
   */
  refresh(tutorId: UserId, profileVersion: number, origin: Origin): Promise<void>
  /** The same where no name is known; many courses of one tutor ask once. */
  learn(tutorId: UserId): Promise<void>
}

export const createTutorDirectory = (names: TutorNameRegistry, requester: Requester): TutorDirectory => {
  const asking = new Map<UserId, Promise<void>>()

  const refresh: TutorDirectory['refresh'] = async (tutorId, profileVersion, origin) => {
    const { profiles } = await requester.request(Users.GetPublicProfiles, { userIds: [tutorId] }, { origin })
    const profile = profiles.find(({ userId }) => userId === tutorId)
    await names.keep({
      tutorId,
      name: profile?.displayName ?? NAMELESS,
      slug: profile?.slug ?? undefined,
      profileVersion,
    })
  }

  return {
    refresh,
    learn: (tutorId) => {
      // Shared by all that wait for it, so it goes on from none of them.
      const origin = { correlationId: `tutor-name:${tutorId}` }
      const asked = asking.get(tutorId) ?? refresh(tutorId, 0, origin).finally(() => asking.delete(tutorId))
      asking.set(tutorId, asked)
      return asked
    },
  }
}
