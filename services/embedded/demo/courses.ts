import { addMs, DAY, type Instant } from '#domain/kernel/clock.ts'
import type { Currency, Money } from '#domain/kernel/money.ts'
import type { LessonContent } from '#domain/learning/curriculum.ts'
import { createSeededRandom, type SeededRandom } from './random.ts'

/** A made-up course, as the commands of the learning service take it. */
export interface DemoCourse {
  readonly details: {
    readonly title: string
    readonly summary: string
    readonly description: string
    readonly subject: string
    readonly language: string
    readonly level: 'beginner' | 'intermediate' | 'advanced'
  }
  readonly sections: readonly {
    readonly title: string
    readonly lessons: readonly { readonly title: string; readonly content: LessonContent }[]
  }[]
  readonly run: {
    readonly price: Money
    readonly capacity: number
    readonly startsAt: Instant
    readonly endsAt: Instant
    readonly enrollmentOpensAt: Instant
    readonly enrollmentClosesAt: Instant
    readonly pacing: 'self_paced' | 'instructor_paced'
  }
}

type NonEmpty<T> = readonly [T, ...T[]]

/** Subjects of the taxonomy with the topics that the demo teaches in them. */
const TOPICS: NonEmpty<{ subject: string; topics: NonEmpty<string> }> = [
  { subject: 'programming', topics: ['Reading Code', 'Small Programs', 'Type Systems', 'Testing by Example'] },
  { subject: 'web-development', topics: ['Forms That Work', 'Accessible Pages', 'Layout Without Tears'] },
  { subject: 'databases', topics: ['Queries and Plans', 'Constraints First', 'Transactions in Practice'] },
  { subject: 'statistics', topics: ['Chance and Evidence', 'Honest Charts', 'Sampling'] },
  { subject: 'calculus', topics: ['Rates of Change', 'Areas and Sums'] },
  { subject: 'physics', topics: ['Waves and Sound', 'Motion on a Slope'] },
  { subject: 'biology', topics: ['Life in a Pond', 'Seeds and Soil'] },
  { subject: 'electronics', topics: ['Circuits on a Breadboard', 'Sensors and Signals'] },
  { subject: 'spanish', topics: ['First Conversations', 'Stories in the Past Tense'] },
  { subject: 'german', topics: ['Words That Join', 'Letters and Notes'] },
  { subject: 'design', topics: ['Colour and Contrast', 'Drawing Interfaces'] },
  { subject: 'music', topics: ['Rhythm at the Table', 'Listening to Chords'] },
  { subject: 'history', topics: ['Maps of the Silk Road', 'Letters From the Archive'] },
  { subject: 'economics', topics: ['Markets in a Village', 'Prices and Promises'] },
]

const FORMS: NonEmpty<{ form: (topic: string) => string; level: DemoCourse['details']['level'] }> = [
  { form: (topic) => `${topic}: a first course`, level: 'beginner' },
  { form: (topic) => `${topic} in twelve lessons`, level: 'intermediate' },
  { form: (topic) => `${topic} in depth`, level: 'advanced' },
]

const SECTIONS: NonEmpty<string> = ['Getting ready', 'The core ideas', 'Working it out', 'Bringing it together']
const LESSONS: NonEmpty<string> = [
  'What we start from',
  'A worked example',
  'Your turn',
  'Common mistakes',
  'Looking back',
]
const CURRENCIES: NonEmpty<Currency> = ['EUR', 'USD', 'GBP', 'JPY']

const priceOf = (random: SeededRandom): Money => {
  const currency = random.pick(CURRENCIES)
  if (random.next() < 0.15) return { amount: 0, currency }
  return { amount: currency === 'JPY' ? random.integer(10, 120) * 100 : random.integer(19, 199) * 100 - 1, currency }
}

const sectionsOf = (topic: string, random: SeededRandom): DemoCourse['sections'] =>
  SECTIONS.slice(0, random.integer(2, SECTIONS.length)).map((title) => ({
    title,
    lessons: LESSONS.slice(0, random.integer(2, LESSONS.length)).map((lesson) => ({
      title: lesson,
      content: {
        kind: 'markdown',
        markdown: `# ${lesson}\n\nThis lesson of “${topic}” belongs to the demonstration data; it was made up, as its tutor was.`,
      },
    })),
  }))

const courseOf = (subject: string, topic: string, now: Instant, random: SeededRandom): DemoCourse => {
  const { form, level } = random.pick(FORMS)
  const startsAt = addMs(now, random.integer(-20, 40) * DAY)
  const endsAt = addMs(startsAt, random.integer(60, 180) * DAY)
  return {
    details: {
      title: form(topic),
      summary: `${topic}, step by step, with examples to work through and time for questions.`,
      description: `A made-up course about ${topic.toLowerCase()}. Every section ends with an exercise.`,
      subject,
      language: 'en',
      level,
    },
    sections: sectionsOf(topic, random),
    run: {
      price: priceOf(random),
      capacity: random.integer(5, 60),
      startsAt,
      endsAt,
      enrollmentOpensAt: addMs(now, -30 * DAY),
      enrollmentClosesAt: addMs(endsAt, -7 * DAY),
      pacing: random.pick(['self_paced', 'instructor_paced']),
    },
  }
}

/** The demonstration courses: fictional, and the same for the same seed and instant. */
export const demoCourses = (now: Instant, seed = 2026): readonly DemoCourse[] => {
  const random = createSeededRandom(seed)
  return TOPICS.flatMap(({ subject, topics }) => topics.map((topic) => courseOf(subject, topic, now, random)))
}
