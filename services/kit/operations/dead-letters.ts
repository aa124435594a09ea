import { dropDeadLetter } from './dead-letters/drop-dead-letter.ts'
import { getDeadLetter } from './dead-letters/get-dead-letter.ts'
import { listDeadLetters } from './dead-letters/list-dead-letters.ts'
import { redriveDeadLetter } from './dead-letters/redrive-dead-letter.ts'
import { areaOf, combined, type Operations } from './operations.ts'

/**
 * The operations on one service's dead letters, under `/v1/dead-letters/{service}`: list, get, redrive, drop.
 * @example
 * const deadLetters = deadLetterOperations('learning')
 * defineService({ commands: [...deadLetters.commands], queries: [...deadLetters.queries], routes: [...deadLetters.routes] })
 */
export const deadLetterOperations = (service: string): Operations => {
  const area = areaOf('dead-letters', service)
  return combined([listDeadLetters(area), getDeadLetter(area), redriveDeadLetter(area), dropDeadLetter(area)])
}
