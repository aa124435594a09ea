import {
  UserCreated,
  UserDeleted,
  UserProfileUpdated,
  UserRoleChanged,
  UserSuspended,
  UserUpdated,
  UserVerified,
} from '#domain/user/events.ts'
import {
  CheckSession,
  GetPublicProfiles,
  GetUserById,
  GetUserContact,
  SendEmailChange,
  SendPasswordNotice,
  SendPasswordReset,
  SendVerification,
} from '#domain/user/messages.ts'
import { patterns } from './patterns.ts'

/** What the user service publishes and answers. */
export const Users = patterns('user', {
  publishes: {
    UserCreated,
    UserUpdated,
    UserVerified,
    UserDeleted,
    UserProfileUpdated,
    UserRoleChanged,
    UserSuspended,
  },
  answers: {
    GetUserById,
    CheckSession,
    GetUserContact,
    GetPublicProfiles,
    SendVerification,
    SendPasswordReset,
    SendPasswordNotice,
    SendEmailChange,
  },
})
