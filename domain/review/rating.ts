import { AggregateRoot } from '../kernel/aggregate-root.ts'
import type { CourseId } from '../kernel/ids.ts'
import { AggregateChanged } from './events.ts'
import type { RatingSummary, Stars } from './values.ts'

export interface RatingState {
  readonly id: CourseId
  /** How many visible reviews gave one star, two stars, up to five. */
  readonly histogram: readonly number[]
}

const NONE = [0, 0, 0, 0, 0] as const

/** The mean of two decimals, from whole numbers, so that no order of additions shows. */
export const summaryOf = (histogram: readonly number[] = NONE): RatingSummary => {
  const count = histogram.reduce((sum, reviews) => sum + reviews, 0)
  const stars = histogram.reduce((sum, reviews, at) => sum + reviews * (at + 1), 0)
  return { count, mean: count === 0 ? 0 : Math.round((stars * 100) / count) / 100, histogram: [...histogram] }
}

/** What all visible reviews of a course come to. Its version rises with every review that is saved. */
export class Rating extends AggregateRoot<RatingState> {
  static none(id: CourseId): Rating {
    return new Rating({ id, histogram: NONE }, 0)
  }

  static restore(state: RatingState, version: number): Rating {
    return new Rating(state, version)
  }

  get summary(): RatingSummary {
    return summaryOf(this.state.histogram)
  }

  /** One review's visible stars became others; absent where it is not seen. */
  count(before: Stars | undefined, after: Stars | undefined): void {
    if (before === after) return
    const { id, histogram } = this.state
    const change = (stars: number): number => Number(stars === after) - Number(stars === before)
    this.become({ id, histogram: histogram.map((reviews, at) => reviews + change(at + 1)) })
    this.apply(AggregateChanged, { targetType: 'course', targetId: id, ...this.summary })
  }
}
