import { sagaOperations } from '#services/kit/operations/sagas.ts'
import { busOperations } from '#services/kit/operations/bus.ts'
import { deadLetterOperations } from '#services/kit/operations/dead-letters.ts'
import { Users } from '#bus/patterns/user.ts'
import { defineService } from '#services/kit/service.ts'
import { assignRoles, assignRolesRoute } from './commands/assign-roles.ts'
import { createUser, createUserRoute } from './commands/create-user.ts'
import { deleteMe, deleteMeRoute } from './commands/delete-me.ts'
import { exportMyData, exportMyDataRoute } from './commands/export-my-data.ts'
import { login, loginRoute } from './commands/login.ts'
import { logout, logoutRoute } from './commands/logout.ts'
import { provisionUser } from './commands/provision-user.ts'
import { recordConsent, recordConsentRoute } from './commands/record-consent.ts'
import { refreshSession, refreshSessionRoute } from './commands/refresh-session.ts'
import { replaceProfile, replaceProfileRoute } from './commands/replace-profile.ts'
import { requestEmailChange, requestEmailChangeRoute } from './commands/request-email-change.ts'
import { requestPasswordReset, requestPasswordResetRoute } from './commands/request-password-reset.ts'
import { requestVerification, requestVerificationRoute } from './commands/request-verification.ts'
import { resetPassword, resetPasswordRoute } from './commands/reset-password.ts'
import { revokeSession, revokeSessionRoute } from './commands/revoke-session.ts'
import { suspendUser, suspendUserRoute } from './commands/suspend-user.ts'
import { updateMe, updateMeRoute } from './commands/update-me.ts'
import { verifyEmail, verifyEmailRoute } from './commands/verify-email.ts'
import { UserConfig } from './config.ts'
import { dropOnDeletion, dropOnUpdate } from './events/drop-public-profile.ts'
import { mirrorOnCreation, mirrorOnRoleChange, mirrorOnUpdate, mirrorOnVerification } from './events/mirror-identity.ts'
import { markOnDeletion, markOnRoleChange, markOnSuspension } from './events/mark-ended-sessions.ts'
import { tables } from './infrastructure/postgres/tables.ts'
import { forgetStrayIdentities } from './jobs/forget-stray-identities.ts'
import { markEndedSessions } from './jobs/mark-ended-sessions.ts'
import { purgeExpired } from './jobs/purge-expired.ts'
import { abandonUser } from './messages/abandon-user.ts'
import { acknowledgeErasure } from './messages/acknowledge-erasure.ts'
import { buildExport } from './messages/build-export.ts'
import { checkSession } from './messages/check-session.ts'
import { checkUserExists } from './messages/check-user-exists.ts'
import { getPublicProfiles } from './messages/get-public-profiles.ts'
import { getUserByEmail } from './messages/get-user-by-email.ts'
import { getUserById } from './messages/get-user-by-id.ts'
import { getUserContact } from './messages/get-user-contact.ts'
import { sendEmailChange } from './messages/send-email-change.ts'
import { sendExportNotice } from './messages/send-export-notice.ts'
import { sendPasswordNotice } from './messages/send-password-notice.ts'
import { sendPayoutNotice } from './messages/send-payout-notice.ts'
import { sendPasswordReset } from './messages/send-password-reset.ts'
import { sendVerification } from './messages/send-verification.ts'
import { verifyCredentials } from './messages/verify-credentials.ts'
import { userModule } from './module.ts'
import { getErasure, getErasureRoute } from './queries/get-erasure.ts'
import { getJwksRoute } from './queries/get-jwks.ts'
import { getMe, getMeRoute } from './queries/get-me.ts'
import { getMyExport, getMyExportRoute } from './queries/get-my-export.ts'
import { getMyProfile, getMyProfileRoute } from './queries/get-my-profile.ts'
import { getPublicProfile, getPublicProfileRoute } from './queries/get-public-profile.ts'
import { getUser, getUserRoute } from './queries/get-user.ts'
import { listMailbox, listMailboxRoute } from './queries/list-mailbox.ts'
import { listMyConsents, listMyConsentsRoute } from './queries/list-my-consents.ts'
import { listMySessions, listMySessionsRoute } from './queries/list-my-sessions.ts'
import { listUsers, listUsersRoute } from './queries/list-users.ts'
import { Erasure } from './sagas/erasure.ts'
import { UserOnboarding } from './sagas/user-onboarding.ts'

const sagas = [UserOnboarding, Erasure]
const sagaTools = sagaOperations('user', sagas)
const deadLetters = deadLetterOperations('user')
const bus = busOperations('user')

export const user = defineService({
  name: 'user',
  title: 'Users',
  patterns: Users,
  config: UserConfig,
  tables,
  module: userModule,
  commands: [
    createUser,
    login,
    refreshSession,
    logout,
    revokeSession,
    verifyEmail,
    requestVerification,
    requestPasswordReset,
    resetPassword,
    requestEmailChange,
    updateMe,
    recordConsent,
    replaceProfile,
    assignRoles,
    suspendUser,
    provisionUser,
    deleteMe,
    exportMyData,
    ...sagaTools.commands,
    ...deadLetters.commands,
  ],
  queries: [
    getMe,
    getMyProfile,
    listMyConsents,
    listMySessions,
    listUsers,
    getUser,
    getPublicProfile,
    listMailbox,
    getErasure,
    getMyExport,
    ...sagaTools.queries,
    ...deadLetters.queries,
    ...bus.queries,
  ],
  messages: [
    getUserById,
    getUserByEmail,
    checkUserExists,
    checkSession,
    verifyCredentials,
    getUserContact,
    getPublicProfiles,
    sendVerification,
    sendPasswordReset,
    sendPasswordNotice,
    sendEmailChange,
    acknowledgeErasure,
    abandonUser,
    buildExport,
    sendExportNotice,
    sendPayoutNotice,
  ],
  events: {
    'mark-on-suspension': markOnSuspension,
    'mark-on-role-change': markOnRoleChange,
    'mark-on-deletion': markOnDeletion,
    'profile.updated': dropOnUpdate,
    'profile.deleted': dropOnDeletion,
    'identity.created': mirrorOnCreation,
    'identity.verified': mirrorOnVerification,
    'identity.updated': mirrorOnUpdate,
    'identity.role-changed': mirrorOnRoleChange,
  },
  local: [],
  sagas,
  routes: [
    createUserRoute,
    loginRoute,
    refreshSessionRoute,
    logoutRoute,
    verifyEmailRoute,
    requestVerificationRoute,
    requestPasswordResetRoute,
    resetPasswordRoute,
    getMeRoute,
    updateMeRoute,
    requestEmailChangeRoute,
    getMyProfileRoute,
    replaceProfileRoute,
    listMyConsentsRoute,
    recordConsentRoute,
    listMySessionsRoute,
    revokeSessionRoute,
    listUsersRoute,
    getUserRoute,
    assignRolesRoute,
    suspendUserRoute,
    getPublicProfileRoute,
    getJwksRoute,
    listMailboxRoute,
    exportMyDataRoute,
    getMyExportRoute,
    deleteMeRoute,
    getErasureRoute,
    ...sagaTools.routes,
    ...deadLetters.routes,
    ...bus.routes,
  ],
  jobs: [markEndedSessions, purgeExpired, forgetStrayIdentities],
})
