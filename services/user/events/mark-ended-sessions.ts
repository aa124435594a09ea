import { project } from '#bus/messaging/handlers.ts'
import { Users } from '#bus/patterns/user.ts'
import { SessionMarks, UnmarkedSessions } from '../ports.ts'
import { markUnmarked } from '../sessions/end-sessions.ts'

const dependencies = { unmarked: UnmarkedSessions, marks: SessionMarks }

/** The sessions of a suspended user end everywhere. */
export const markOnSuspension = project(Users.UserSuspended, dependencies, (_event, resolved) => markUnmarked(resolved))

/** And those of one who has gone for good. */
export const markOnDeletion = project(Users.UserDeleted, dependencies, (_event, resolved) => markUnmarked(resolved))

/** So do those that carry a role which was taken. */
export const markOnRoleChange = project(Users.UserRoleChanged, dependencies, (_event, resolved) =>
  markUnmarked(resolved),
)
