import type { Instant } from '#domain/kernel/clock.ts'
import type { ErasureId, ExportId, SessionId, UserId } from '#domain/kernel/ids.ts'
import type { PersonalData } from '#domain/kernel/personal-data.ts'
import type { Consent, ConsentPurpose, ConsentWord } from '#domain/user/consent.ts'
import type { DataExport } from '#domain/user/data-export.ts'
import type { Erasure } from '#domain/user/erasure.ts'
import type { OneTimeToken, OneTimeTokenId, TokenPurpose } from '#domain/user/one-time-token.ts'
import type { PublicProfile, UserProfile } from '#domain/user/profile.ts'
import type { Session, SessionState } from '#domain/user/session.ts'
import type { ActiveUser, User } from '#domain/user/user.ts'
import type { EmailAddress, Role } from '#domain/user/values.ts'
import { token } from '#bus/cqrs/token.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import type { JSONWebKeySet } from 'jose'
import type { AccessToken } from '#services/kit/auth/issuer.ts'
import type { Account, OwnProfile } from './views.ts'

/** How many other active admins there are, as of one revision of the roster. */
export interface OtherAdmins {
  readonly count: number
  readonly revision: number
}

export interface UserRepository {
  load(id: UserId): Promise<User | undefined>
  byEmail(email: EmailAddress): Promise<User | undefined>
  otherAdmins(id: UserId): Promise<OtherAdmins>
  create(tx: UnitOfWork, user: User): void
  /** @param sessionsStarted as read with the sessions that end: one more that began since is a conflict */
  save(tx: UnitOfWork, user: User, sessionsStarted?: number): void
  /** Counts one active admin less; another that went since they were counted is a conflict. */
  leaveRoster(tx: UnitOfWork, others: OtherAdmins): void
}
export const UserRepository = token<UserRepository>('user.UserRepository')

export interface ProfileRepository {
  load(userId: UserId): Promise<UserProfile | undefined>
  isSlugFree(slug: string, userId: UserId): Promise<boolean>
  create(tx: UnitOfWork, profile: UserProfile): void
  save(tx: UnitOfWork, profile: UserProfile): void
}
export const ProfileRepository = token<ProfileRepository>('user.ProfileRepository')

export interface CredentialRepository {
  byEmail(email: EmailAddress): Promise<{ readonly user: User; readonly passwordHash: string } | undefined>
  /** The one that the user has from now on. */
  put(tx: UnitOfWork, userId: UserId, passwordHash: string): void
}
export const CredentialRepository = token<CredentialRepository>('user.CredentialRepository')

/**
 * Who keeps the passwords: this service itself, or a user pool of Cognito. Accounts, roles and sessions are this
 * service's in any case. Each call throws `Unavailable` while the provider does not answer.
 */
export interface IdentityProvider {
  /**
   * The user with this address and password. Takes equally long whether the address is known or not. Throws
   * `InvalidCredentials`, one error for both.
   */
  verify(tx: UnitOfWork, email: EmailAddress, password: string): Promise<User>
  /** Keeps the password of a new account. Throws `PasswordRejected` where the provider asks for more than this service. */
  register(tx: UnitOfWork, userId: UserId, password: string): Promise<void>
  /** The same for an account that exists, whether it has a password or not. */
  replacePassword(tx: UnitOfWork, userId: UserId, password: string): Promise<void>
  /** Tells the provider what the account is now: its address and roles. Repeats and races end with the last state. */
  mirror(userId: UserId): Promise<void>
  /** Forgets a person who was erased. Again changes nothing. */
  forget(userId: UserId): Promise<void>
  /** Forgets those of whom the provider heard before an instant and whose registration was never committed. */
  forgetStrays(before: Instant): Promise<void>
}
export const IdentityProvider = token<IdentityProvider>('user.IdentityProvider')

/** The active sessions of a user, and how many were ever started when they were read. */
export interface SessionsOfUser {
  readonly active: readonly Session[]
  readonly started: number
}

export interface SessionRepository {
  load(id: SessionId): Promise<Session | undefined>
  ofUser(userId: UserId): Promise<SessionsOfUser>
  /** Starts it for the user as read: a change of status or roles since is a conflict. */
  create(tx: UnitOfWork, session: Session, user: User): void
  saveRotated(tx: UnitOfWork, session: Session): void
  /** @param marked whether Redis knows already */
  saveRevoked(tx: UnitOfWork, sessions: readonly Session[], marked: boolean): void
}
export const SessionRepository = token<SessionRepository>('user.SessionRepository')

export interface SessionQueries {
  isActive(id: SessionId, now: Instant): Promise<boolean>
  /** The active ones, newest first, at most 100. */
  listOf(userId: UserId, now: Instant): Promise<{ sessionId: SessionId; startedAt: Instant; expiresAt: Instant }[]>
}
export const SessionQueries = token<SessionQueries>('user.SessionQueries')

/** Revoked sessions that Redis has not been told of. */
export interface UnmarkedSessions {
  list(limit: number): Promise<SessionId[]>
  remove(ids: readonly SessionId[]): Promise<void>
}
export const UnmarkedSessions = token<UnmarkedSessions>('user.UnmarkedSessions')

/** Tells every process that sessions have ended. */
export interface SessionMarks {
  /** False when Redis is out of reach: the mark is to be repeated. */
  markEnded(ids: readonly SessionId[]): Promise<boolean>
}
export const SessionMarks = token<SessionMarks>('user.SessionMarks')

export interface OneTimeTokenRepository {
  load(id: OneTimeTokenId): Promise<OneTimeToken | undefined>
  /** Those that could still be redeemed, or have expired only lately. */
  openOf(userId: UserId, purpose: TokenPurpose): Promise<OneTimeToken[]>
  create(tx: UnitOfWork, token: OneTimeToken): void
  save(tx: UnitOfWork, token: OneTimeToken): void
}
export const OneTimeTokenRepository = token<OneTimeTokenRepository>('user.OneTimeTokenRepository')

export interface AccountFilter {
  readonly role: Role | undefined
  readonly after: string | undefined
  readonly limit: number
}

export interface AccountQueries {
  /** Undefined for an erased user, as for a missing one. */
  find(userId: UserId): Promise<Account | undefined>
  /** By id, which is the order of registration; up to `limit + 1`. */
  list(filter: AccountFilter): Promise<Account[]>
}
export const AccountQueries = token<AccountQueries>('user.AccountQueries')

export interface ProfileQueries {
  own(userId: UserId): Promise<OwnProfile | undefined>
  public(userIds: readonly UserId[]): Promise<PublicProfile[]>
}
export const ProfileQueries = token<ProfileQueries>('user.ProfileQueries')

/** What a user shows to everybody, from Redis where it is there; a moment behind a change. */
export interface PublicProfiles {
  one(userId: UserId): Promise<PublicProfile | undefined>
  /** It has changed, or is gone. */
  drop(userId: UserId): Promise<void>
}
export const PublicProfiles = token<PublicProfiles>('user.PublicProfiles')

export interface ConsentRepository {
  /** The last word about a purpose; undefined where there is none. */
  load(userId: UserId, purpose: ConsentPurpose): Promise<Consent | undefined>
  /** The last words about all purposes, by purpose. */
  ofUser(userId: UserId): Promise<ConsentWord[]>
  /** Another word since it was loaded is a conflict. */
  save(tx: UnitOfWork, consent: Consent): void
}
export const ConsentRepository = token<ConsentRepository>('user.ConsentRepository')

export interface ErasureRepository {
  load(id: ErasureId): Promise<Erasure | undefined>
  save(tx: UnitOfWork, erasure: Erasure): void
}
export const ErasureRepository = token<ErasureRepository>('user.ErasureRepository')

export interface ExportRepository {
  load(id: ExportId): Promise<DataExport | undefined>
  /** The one of a user that is not ready. */
  running(userId: UserId): Promise<{ readonly id: ExportId; readonly requestedAt: Instant } | undefined>
  /** A second one that runs is a conflict. */
  save(tx: UnitOfWork, made: DataExport): void
}
export const ExportRepository = token<ExportRepository>('user.ExportRepository')

/** How many rows of each kind are there of a person, beside the account. */
export interface PersonalRows {
  readonly profiles: number
  readonly credentials: number
  readonly tokens: number
  readonly mails: number
  readonly exports: number
}

/** What goes with an account. */
export interface Traces {
  /** A copy of all that the user service knows: hashes of passwords and tokens left out. */
  read(userId: UserId): Promise<PersonalData>
  count(user: User): Promise<PersonalRows>
  /** Deletes them; one more or less since they were counted is a conflict. */
  erase(tx: UnitOfWork, userId: UserId, rows: PersonalRows): void
}
export const Traces = token<Traces>('user.Traces')

export interface AuditEntry {
  readonly actor: string
  readonly action: 'read_contact' | 'change_roles' | 'suspend' | 'erase'
  readonly subject: UserId
}

export interface AuditLog {
  record(tx: UnitOfWork, entry: AuditEntry): void
}
export const AuditLog = token<AuditLog>('user.AuditLog')

export interface Mail {
  /** The same for every repeat of one mail. */
  readonly id: string
  readonly to: EmailAddress
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  /** Rejects when the mail was not taken; it is then sent again. */
  send(mail: Mail): Promise<void>
}
export const Mailer = token<Mailer>('user.Mailer')

export interface ReceivedMail extends Mail {
  readonly sentAt: Instant
}

/** What the mailbox of a development platform holds. */
export interface Mailbox {
  /** To one address, or to anybody; newest first, at most 50. */
  list(to: EmailAddress | undefined): Promise<ReceivedMail[]>
}
export const Mailbox = token<Mailbox>('user.Mailbox')

export interface LoginThrottle {
  /** Counts one try at this account. Throws `TooManyLogins`, or `Unavailable` while nothing can be counted. */
  admit(email: EmailAddress): Promise<void>
}
export const LoginThrottle = token<LoginThrottle>('user.LoginThrottle')

export interface ResetThrottle {
  /** Counts one mail asked for. Throws `TooManyResets`, or `Unavailable` while nothing can be counted. */
  admit(email: EmailAddress): Promise<void>
}
export const ResetThrottle = token<ResetThrottle>('user.ResetThrottle')

export interface AccessTokens {
  issue(user: ActiveUser, session: SessionState, now: Instant): Promise<AccessToken>
  /** The document of `/.well-known/jwks.json`. */
  jwks(): Promise<JSONWebKeySet>
}
export const AccessTokens = token<AccessTokens>('user.AccessTokens')

/** Refresh tokens carry the id of their session (`ses_...~secret`); only their hashes are stored. */
export interface RefreshTokens {
  first(sessionId: SessionId): RefreshToken
  /** The presented token and its one successor, the same again for a retry; undefined for what is none of ours. */
  read(presented: string): { readonly presented: RefreshToken; readonly next: RefreshToken } | undefined
}
export const RefreshTokens = token<RefreshTokens>('user.RefreshTokens')

export interface RefreshToken {
  readonly sessionId: SessionId
  readonly text: string
  readonly hash: string
}

/** Tokens of mails, derived from the message that asks for the mail, so that a repeat sends the same one. */
export interface MailedTokens {
  derive(messageId: string): MailedToken
  /** Undefined for what is none of ours. */
  read(presented: string): Pick<MailedToken, 'id' | 'hash'> | undefined
}
export const MailedTokens = token<MailedTokens>('user.MailedTokens')

export interface MailedToken {
  readonly id: OneTimeTokenId
  readonly text: string
  readonly hash: string
}

/** What the mails about an account say. */
export interface AccountMails {
  verification(to: EmailAddress, name: string, token: MailedToken): Mail
  passwordReset(to: EmailAddress, name: string, token: MailedToken): Mail
  /** @param id of the message that asks for it */
  exportNotice(to: EmailAddress, name: string, id: string): Mail
  /** @param id of the message that asks for it */
  passwordNotice(to: EmailAddress, name: string, id: string): Mail
  /** @param id of the message that asks for it */
  payoutNotice(to: EmailAddress, name: string, id: string): Mail
  /** To the address that is to become theirs. */
  emailChange(to: EmailAddress, name: string, token: MailedToken): Mail
  /** To the address that they have. */
  emailChangeNotice(to: EmailAddress, name: string, token: MailedToken): Mail
}
export const AccountMails = token<AccountMails>('user.AccountMails')

export interface ExpiredRows {
  /** Deletes sessions, tokens and mails that nobody can use any more. */
  purge(before: Instant): Promise<void>
}
export const ExpiredRows = token<ExpiredRows>('user.ExpiredRows')
