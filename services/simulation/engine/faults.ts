import { DAY, HOUR, MINUTE, SECOND } from '#domain/kernel/clock.ts'
import type { Random } from './random.ts'

/** How likely each thing is to go wrong; every seed draws its own mixture, so that rare meetings of faults happen. */
export interface Faults {
  /** Others come in between at an await. */
  readonly interleave: number
  /** A process dies where it stands. */
  readonly crash: number
  /** Every process dies at once. */
  readonly blackout: number
  /** A message is lost on its way, which its sender learns. */
  readonly lose: number
  /** A message arrives twice. */
  readonly duplicate: number
  /** A copy of a message arrives long after it. */
  readonly echo: number
  /** A message is held up on its way. */
  readonly delay: number
  /** A handler of another team throws. */
  readonly throwing: number
  /** A provider call fails before its effect, or after it. */
  readonly providerLoses: number
  readonly providerIsLate: number
  readonly providerRefuses: number
  /** A refund waits for the bank. */
  readonly refundWaits: number
  /** The bank does not take a refund. */
  readonly refundFails: number
  readonly webhookLost: number
  readonly webhookTwice: number
  /** Time goes on although there is work. */
  readonly lag: number
  /** The clock jumps by an hour, or by weeks. */
  readonly jump: number
}

export const NO_FAULTS: Faults = {
  interleave: 0,
  crash: 0,
  blackout: 0,
  lose: 0,
  duplicate: 0,
  echo: 0,
  delay: 0,
  throwing: 0,
  providerLoses: 0,
  providerIsLate: 0,
  providerRefuses: 0,
  refundWaits: 0,
  refundFails: 0,
  webhookLost: 0,
  webhookTwice: 0,
  lag: 0,
  jump: 0,
}

/** Swarm testing (Groce et al., ISSTA 2012): leaving faults out at random finds more than always having all of them. */
export const drawFaults = (random: Random): Faults => {
  const some = (...levels: number[]): number => random.pick([0, ...levels])
  return {
    interleave: random.pick([0.02, 0.07, 0.2]),
    crash: some(0.01, 0.04),
    blackout: some(0.002),
    lose: some(0.1, 0.3),
    duplicate: some(0.1, 0.4),
    echo: some(0.05, 0.2),
    delay: some(0.1, 0.3),
    throwing: some(0.2),
    providerLoses: some(0.1, 0.4),
    providerIsLate: some(0.2, 0.5),
    providerRefuses: some(0.05),
    refundWaits: some(0.3),
    refundFails: some(0.3),
    webhookLost: some(0.3, 1),
    webhookTwice: some(0.3),
    lag: some(0.02, 0.1),
    jump: some(0.002),
  }
}

/** How far the clock moves while there is work to do. */
export const drawLagMs = (random: Random, { lag, jump }: Faults): number => {
  if (random.chance(jump)) return random.pick([HOUR, HOUR, 40 * DAY])
  return random.chance(lag) ? random.between(1, 2 * SECOND) : 0
}

/** Mostly moments, now and then long enough to cross the windows and deadlines of the journey. */
export const drawDelayMs = (random: Random): number =>
  random.chance(0.9) ? random.between(1, 5 * SECOND) : random.between(1, 40 * MINUTE)
