import type { DeadLetter } from '../dead-letters-client.ts'
import type { Finding } from './finding.ts'

/** What consumers of one service gave up. */
export function examineLetters(service: string, letters: readonly DeadLetter[]): Finding[] {
  const [oldest] = letters
  if (!oldest) return []
  const consumers = [...new Set(letters.map(({ consumer }) => consumer))].join(', ')
  return [
    {
      where: service,
      problem: `${letters.length} dead letters of ${consumers}, the oldest of ${oldest.failedAt}: ${oldest.reason}`,
      help: `See them by "npm run bus -- dlq ls --service ${service}", repair what they say, then "dlq redrive --all --service ${service}".`,
    },
  ]
}
