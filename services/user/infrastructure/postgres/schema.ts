import { sql } from 'drizzle-orm'
import {
  bigserial,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { ErasureId, ExportId, UserId } from '#domain/kernel/ids.ts'
import type { Archive } from '#domain/user/data-export.ts'
import type { Acknowledgement } from '#domain/user/erasure.ts'
import { busTables, instant, sagaTables } from '#bus/postgres/tables.ts'

export const userSchema = pgSchema('user')

export const { outbox, heldKeys, inbox, idempotencyKeys, replySlots, deadLetters } = busTables(userSchema)
export const { saga, sagaJournal } = sagaTables(userSchema)

export const users = userSchema.table(
  'users',
  {
    id: text('id').primaryKey(),
    status: text('status').notNull(),
    /** Lower case; null once the user is erased, which frees the address. */
    email: text('email'),
    roles: text('roles').array().notNull(),
    emailVerifiedAt: instant('email_verified_at'),
    /** Lower case; the address that the user wants instead. */
    pendingEmail: text('pending_email'),
    registeredAt: instant('registered_at'),
    suspensionReason: text('suspension_reason'),
    suspendedAt: instant('suspended_at'),
    erasedAt: instant('erased_at'),
    /** How many sessions were ever started: who ends all sessions of a user sees by it that one more has begun. */
    sessionsStarted: integer('sessions_started').notNull().default(0),
    version: integer('version').notNull(),
  },
  (table) => [
    uniqueIndex('users_email').on(table.email).where(sql`${table.status} <> 'ERASED'`),
    index('users_by_role').using('gin', table.roles),
    index('users_active_admins').on(table.id).where(sql`${table.status} = 'ACTIVE' and 'admin' = any(${table.roles})`),
    check('user_status_known', sql`${table.status} in ('ACTIVE', 'SUSPENDED', 'ERASED')`),
    check('user_email_lower_case', sql`${table.email} = lower(${table.email})`),
    check('user_pending_email_lower_case', sql`${table.pendingEmail} = lower(${table.pendingEmail})`),
    check('user_pending_email_other', sql`${table.pendingEmail} <> ${table.email}`),
    check(
      'user_state_complete',
      sql`case ${table.status}
        when 'ERASED' then num_nonnulls(${table.email}, ${table.pendingEmail}, ${table.emailVerifiedAt}, ${table.registeredAt}) = 0
          and ${table.erasedAt} is not null
        when 'SUSPENDED' then num_nulls(${table.email}, ${table.registeredAt}, ${table.suspensionReason}, ${table.suspendedAt}) = 0
        else num_nulls(${table.email}, ${table.registeredAt}) = 0 end`,
    ),
  ],
)

/** One row, whose revision grows whenever there is one active admin less; who counts the admins holds it still. */
export const adminRoster = userSchema.table(
  'admin_roster',
  { id: boolean('id').primaryKey().default(true), revision: integer('revision').notNull() },
  (table) => [check('admin_roster_single', sql`${table.id}`)],
)

export const credentials = userSchema.table(
  'credentials',
  {
    userId: text('user_id').primaryKey(),
    /** Argon2id in the PHC string form. */
    passwordHash: text('password_hash').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [foreignKey({ name: 'credentials_of_user', columns: [table.userId], foreignColumns: [users.id] })],
)

export const userProfiles = userSchema.table(
  'user_profiles',
  {
    userId: text('user_id').primaryKey(),
    displayName: text('display_name').notNull(),
    bio: text('bio').notNull(),
    locale: text('locale').notNull(),
    timezone: text('timezone').notNull(),
    slug: text('slug'),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'user_profiles_of_user', columns: [table.userId], foreignColumns: [users.id] }),
    uniqueIndex('user_profiles_slug').on(table.slug),
    check('user_profile_bio_short', sql`length(${table.bio}) <= 2000`),
  ],
)

/** A session each: the family of refresh tokens that descends from one login. Tokens are stored as hashes. */
export const refreshFamilies = userSchema.table(
  'refresh_families',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    status: text('status').notNull(),
    tokenHash: text('token_hash'),
    previousHash: text('previous_hash'),
    rotatedAt: instant('rotated_at'),
    startedAt: instant('started_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    revocationReason: text('revocation_reason'),
    revokedAt: instant('revoked_at'),
    /** True once Redis knows that it was revoked; see the job that repeats what Redis missed. */
    marked: boolean('marked').notNull().default(false),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'refresh_families_of_user', columns: [table.userId], foreignColumns: [users.id] }),
    index('refresh_families_by_user').on(table.userId, table.status),
    index('refresh_families_expiry').on(table.expiresAt),
    index('refresh_families_unmarked')
      .on(table.revokedAt)
      .where(sql`${table.status} = 'REVOKED' and not ${table.marked}`),
    check('refresh_family_status_known', sql`${table.status} in ('ACTIVE', 'REVOKED')`),
    check(
      'refresh_family_state_complete',
      sql`case ${table.status}
        when 'ACTIVE' then ${table.tokenHash} is not null and num_nulls(${table.previousHash}, ${table.rotatedAt}) in (0, 2)
        else num_nonnulls(${table.tokenHash}, ${table.previousHash}) = 0
          and num_nulls(${table.revocationReason}, ${table.revokedAt}) = 0 end`,
    ),
  ],
)

export const oneTimeTokens = userSchema.table(
  'one_time_tokens',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    purpose: text('purpose').notNull(),
    email: text('email').notNull(),
    status: text('status').notNull(),
    /** Null once it can no longer be redeemed. */
    tokenHash: text('token_hash'),
    wrongTries: integer('wrong_tries').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    lockedAt: instant('locked_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'one_time_tokens_of_user', columns: [table.userId], foreignColumns: [users.id] }),
    index('one_time_tokens_by_user').on(table.userId),
    index('one_time_tokens_expiry').on(table.expiresAt),
    check('one_time_token_purpose_known', sql`${table.purpose} in ('verify_email', 'reset_password')`),
    check(
      'one_time_token_state_complete',
      sql`case ${table.status}
        when 'OPEN' then ${table.tokenHash} is not null
        when 'USED' then ${table.tokenHash} is null and ${table.usedAt} is not null
        when 'LOCKED' then ${table.tokenHash} is null and ${table.lockedAt} is not null
        else false end`,
    ),
  ],
)

/** What a user has agreed to, and withdrawn: a row for each word about a purpose, never changed. */
export const consents = userSchema.table(
  'consents',
  {
    userId: text('user_id').notNull(),
    purpose: text('purpose').notNull(),
    /** 1 for the first word about a purpose; the last row counts. */
    revision: integer('revision').notNull(),
    given: boolean('given').notNull(),
    documentVersion: text('document_version').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'consents_in_order', columns: [table.userId, table.purpose, table.revision] }),
    foreignKey({ name: 'consents_of_user', columns: [table.userId], foreignColumns: [users.id] }),
    check('consent_purpose_known', sql`${table.purpose} in ('terms', 'privacy', 'marketing_email', 'analytics')`),
    check('consent_revision_positive', sql`${table.revision} > 0`),
  ],
)

/** Who is to be forgotten everywhere, and what each service has done. Outlives the account, of which it has the id alone. */
export const erasureRequests = userSchema.table(
  'erasure_requests',
  {
    id: text('id').$type<ErasureId>().primaryKey(),
    userId: text('user_id').$type<UserId>().notNull(),
    status: text('status').$type<'RUNNING' | 'CLOSED'>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    dueAt: instant('due_at').notNull(),
    acknowledged: jsonb('acknowledged').$type<Acknowledgement[]>().notNull(),
    closedAt: instant('closed_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    uniqueIndex('erasure_requests_one_of_user').on(table.userId),
    check('erasure_status_known', sql`${table.status} in ('RUNNING', 'CLOSED')`),
    check('erasure_closed_complete', sql`(${table.status} = 'CLOSED') = (${table.closedAt} is not null)`),
  ],
)

/** Copies of all that the platform knows of a person, for that person. */
export const dataExports = userSchema.table(
  'data_exports',
  {
    id: text('id').$type<ExportId>().primaryKey(),
    userId: text('user_id').$type<UserId>().notNull(),
    status: text('status').$type<'RUNNING' | 'READY'>().notNull(),
    requestedAt: instant('requested_at').notNull(),
    archive: jsonb('archive').$type<Archive>(),
    readyAt: instant('ready_at'),
    expiresAt: instant('expires_at'),
    version: integer('version').notNull(),
  },
  (table) => [
    foreignKey({ name: 'data_exports_of_user', columns: [table.userId], foreignColumns: [users.id] }),
    uniqueIndex('data_exports_one_running').on(table.userId).where(sql`${table.status} = 'RUNNING'`),
    index('data_exports_by_user').on(table.userId),
    index('data_exports_age').on(table.readyAt),
    check('data_export_status_known', sql`${table.status} in ('RUNNING', 'READY')`),
    check(
      'data_export_complete',
      sql`num_nonnulls(${table.archive}, ${table.readyAt}, ${table.expiresAt}) = case ${table.status} when 'READY' then 3 else 0 end`,
    ),
  ],
)

/** Who did what to whom, or read whose personal data. Rows are never changed. */
export const auditLog = userSchema.table(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    /** A user's id, or `service:<name>`. */
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
  },
  (table) => [index('audit_log_by_subject').on(table.subject, table.at)],
)

/** The mail of a development platform, which has no mail server; empty in production. */
export const devMailbox = userSchema.table(
  'dev_mailbox',
  {
    /** The mail's Message-ID: sending one again changes nothing. */
    id: text('id').primaryKey(),
    to: text('to').notNull(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    sentAt: instant('sent_at').notNull(),
  },
  (table) => [index('dev_mailbox_by_receiver').on(table.to, table.sentAt)],
)
