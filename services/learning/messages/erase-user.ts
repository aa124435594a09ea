import type { UserId } from '#domain/kernel/ids.ts'
import { seatsFreed } from '#domain/learning/seats.ts'
import { answer } from '#bus/messaging/handlers.ts'
import type { Resolved } from '#bus/cqrs/token.ts'
import { Learning } from '#bus/patterns/learning.ts'
import type { UnitOfWork } from '#bus/unit-of-work/unit-of-work.ts'
import { Traces } from '../traces-ports.ts'
import { CertificateRepository } from '../progress-ports.ts'
import { passingOn, promoteWaiting, saveAndPassOn } from '../promote-waiting.ts'
import { Reviews } from '../reviews-ports.ts'

const deps = { ...passingOn, traces: Traces, reviews: Reviews, certificates: CertificateRepository } as const

/**
 * What is not paid yet is not paid any more: the saga of a purchase finds the enrollment closed, and gives money back.
 * What was paid keeps its seat, under an id that names nobody: money and seat do not part.
 */
const giveUpSeats = async (tx: UnitOfWork, given: Resolved<typeof deps>, userId: UserId): Promise<number> => {
  const seats = (await given.traces.seats(userId)).filter(({ isPaidFor }) => !isPaidFor)
  for (const enrollment of seats) {
    enrollment.cancel('erased', tx.now)
    await saveAndPassOn(tx, given, enrollment)
  }
  return seats.length
}

const giveUpPlaces = async (tx: UnitOfWork, given: Resolved<typeof deps>, userId: UserId): Promise<number> => {
  const places = await given.traces.places(userId)
  for (const entry of places) {
    entry.leave()
    const promoted = await promoteWaiting(tx, given, entry.state.courseRunId, seatsFreed(entry.seatMoves))
    given.waitlist.save(tx, [entry, ...promoted])
  }
  return places.length
}

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
  const [enrollments, waitlistPlaces] = [await giveUpSeats(tx, given, userId), await giveUpPlaces(tx, given, userId)]
  const [reviews, replies] = [await takeWordsBack(tx, given, userId), await takeAnswersBack(tx, given, userId)]
  const certificates = await takeNamesOff(tx, given, userId)
  const rows = await traces.count(userId)
  traces.erase(tx, userId, rows)
  return { counts: { enrollments, waitlistPlaces, reviews, replies, certificates, ...rows } }
})
