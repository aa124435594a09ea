import { z } from 'zod'

/** As zod has it, with the limits of RFC 5321 for the part before the @ and of RFC 1035 for the names behind it. */
const ADDRESS =
  /^(?=[^@]{1,64}@)(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/

/** An e-mail address in its one stored form, lower case, so that uniqueness ignores case. */
export const EmailAddress = z.email({ pattern: ADDRESS }).max(254).toLowerCase()
export type EmailAddress = z.infer<typeof EmailAddress>

/** Every user is a learner; an admin grants the other roles. */
export const Role = z.enum(['learner', 'tutor', 'admin', 'support'])
export type Role = z.infer<typeof Role>

export const UserStatus = z.enum(['ACTIVE', 'SUSPENDED', 'ERASED'])
export type UserStatus = z.infer<typeof UserStatus>

/** Why an admin suspends; a code, because events carry no free text about a person. */
export const SuspensionReason = z.enum(['abuse', 'fraud', 'security', 'policy'])
export type SuspensionReason = z.infer<typeof SuspensionReason>

export const VerificationMethod = z.enum(['email', 'operator'])
export type VerificationMethod = z.infer<typeof VerificationMethod>

const isLocale = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

// Intl also takes offsets such as +02:00, which say nothing about daylight saving.
const isTimeZone = (zone: string): boolean => {
  try {
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A BCP 47 tag: `en`, `pt-BR`. */
export const Locale = z.string().min(2).max(35).refine(isLocale, 'Must be a BCP 47 language tag.')

/** An IANA zone: `Europe/Berlin`, `UTC`. */
export const TimeZone = z.string().min(1).max(64).refine(isTimeZone, 'Must be an IANA time zone.')

export const Slug = z
  .string()
  .min(3)
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Must be lower-case words joined by hyphens.')
