import type { UserId } from '#domain/kernel/ids.ts'
import { answer } from '#bus/messaging/handlers.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import { Learning } from '#bus/patterns/learning.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { giveUpSeats, givingUp } from '../give-up-seats.ts'
import { Traces } from '../traces-ports.ts'
import { CertificateRepository } from '../progress-ports.ts'
import { Reviews } from '../reviews-ports.ts'

const deps = { ...givingUp, traces: Traces, reviews: Reviews, certificates: CertificateRepository } as const

const takeWordsBack = async (tx: UnitOfWork, given: Resolved<typeof deps>, userId: UserId): Promise<number> => {
  const written = await given.traces.reviews(userId)
  for (const { review, rating } of written) {
    review.erase()
    rating.count(...review.starMove)
    given.reviews.save(tx, review, rating)
  }
  return written.length
}

/** The rating of a course is saved once, with the first of its reviews: what the catalog shows is as of its version. */
const takeAnswersBack = async (tx: UnitOfWork, given: Resolved<typeof deps>, userId: UserId): Promise<number> => {
  const answered = await given.traces.answered(userId)
  const saved = new Set<string>()
  for (const { review, rating } of answered) {
    review.eraseReply()
    given.reviews.save(tx, review, saved.has(rating.id) ? undefined : rating)
    saved.add(rating.id)
  }
  return answered.length
}

const takeNamesOff = async (tx: UnitOfWork, given: Resolved<typeof deps>, userId: UserId): Promise<number> => {
  const certificates = await given.traces.certificates(userId)
  for (const certificate of certificates) {
    certificate.erase(tx.now)
    given.certificates.save(tx, certificate)
  }
  return certificates.length
}

/** Progress and completed enrollments stay, under an id that names nobody any more. */
export const eraseUser = answer(Learning.EraseUser, deps, async ({ data: { userId }, tx }, given) => {
  const { traces } = given
  const held = await giveUpSeats(tx, given, userId)
  const [reviews, replies] = [await takeWordsBack(tx, given, userId), await takeAnswersBack(tx, given, userId)]
  const certificates = await takeNamesOff(tx, given, userId)
  const rows = await traces.count(userId)
  traces.erase(tx, userId, rows)
  return { counts: { ...held, reviews, replies, certificates, ...rows } }
})
