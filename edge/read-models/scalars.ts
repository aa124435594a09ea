import { z } from 'zod'

export const Slug = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N}\p{M}]+(?:-[\p{L}\p{N}\p{M}]+)*$/u)
export const ShortText = z.string().trim().min(1).max(300)
export const LanguageTag = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/)

/** A word of a vocabulary that may grow (`beginner`, `self_paced`): open, so that a new one needs no new Worker. */
export const Token = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(?:[_-][a-z0-9]+)*$/)
