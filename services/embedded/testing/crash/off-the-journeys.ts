/**
 * Places of sagas that no journey comes to: one that waits for answers alone has no timer but its deadline, and nothing
 * here takes a day; nor does anybody wait for a seat (services/learning/waitlist.int.test.ts), dispute a payment
 * (services/simulation), is paid what they earned (services/payment/earnings.int.test.ts), register by mail or leave for
 * good (services/user/erasure.int.test.ts).
 */
const OFF_THE_JOURNEYS =
  /\.LessonProgress\.\w+_timer$|\.SeatHold\.|\.sync_dispute\.|\.send_payout\.|\.sync_payout\.|\.Erasure\.|\.UserOnboarding\./

export const isOffTheJourneys = (failpoint: string): boolean => OFF_THE_JOURNEYS.test(failpoint)
