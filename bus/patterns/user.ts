import {
  ErasureRequested,
  UserCreated,
  UserDeleted,
  UserProfileUpdated,
  UserRoleChanged,
  UserSuspended,
  UserUpdated,
  UserVerified,
} from '#domain/user/events.ts'
import {
  AbandonUser,
  AcknowledgeErasure,
  BuildExport,
  CheckSession,
  CheckUserExists,
  GetPublicProfiles,
  GetUserByEmail,
  GetUserById,
  GetUserContact,
  SendEmailChange,
  SendExportNotice,
  SendPasswordNotice,
  SendPasswordReset,
  SendVerification,
  VerifyCredentials,
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
    ErasureRequested,
  },
  answers: {
    GetUserById,
    GetUserByEmail,
    CheckUserExists,
    CheckSession,
    VerifyCredentials,
    GetUserContact,
    GetPublicProfiles,
    SendVerification,
    SendPasswordReset,
    SendPasswordNotice,
    SendEmailChange,
    AcknowledgeErasure,
    AbandonUser,
    BuildExport,
    SendExportNotice,
  },
})
