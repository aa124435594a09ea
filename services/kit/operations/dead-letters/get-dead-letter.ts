import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '../../http/route.ts'
import { DeadLetters } from '../../ports.ts'
import { type Area, type Operations, queryOperation } from '../operations.ts'
import { DeadLetterNamed, DeadLetterNotFound, DeadLetterView, deadLetterViewOf } from './dead-letter-view.ts'

export const getDeadLetter = ({ service, path, title }: Area): Operations => {
  const GetDeadLetter = query(`${service}.get_dead_letter`, {
    input: DeadLetterNamed,
    output: DeadLetterView,
    errors: [DeadLetterNotFound],
    scope: 'dead-letters:admin',
  })
  return queryOperation(
    queryHandler(GetDeadLetter, { deadLetters: DeadLetters }, async ({ input }, { deadLetters }) => {
      const letter = await deadLetters.find(input.deadLetterId)
      if (!letter) throw DeadLetterNotFound(input.deadLetterId)
      return deadLetterViewOf(letter)
    }),
    route(GetDeadLetter, {
      method: 'get',
      path: `${path}/{deadLetterId}`,
      tag: 'Dead letters',
      operationId: `get${title}DeadLetter`,
      summary: `Get a dead letter of ${service} with its envelope`,
    }),
  )
}
