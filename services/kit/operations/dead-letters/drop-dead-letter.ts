import { z } from 'zod'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { route } from '../../http/route.ts'
import { DeadLetters } from '../../ports.ts'
import { type Area, commandOperation, type Operations } from '../operations.ts'
import { DeadLetterNamed, DeadLetterNotFound } from './dead-letter-view.ts'

export const dropDeadLetter = ({ service, path, title }: Area): Operations => {
  const DropDeadLetter = command(`${service}.drop_dead_letter`, {
    input: DeadLetterNamed,
    output: z.void(),
    errors: [DeadLetterNotFound],
    scope: 'dead-letters:admin',
  })
  return commandOperation(
    handler(DropDeadLetter, { deadLetters: DeadLetters }, async ({ input }, { deadLetters }) => {
      if (!(await deadLetters.remove(input.deadLetterId))) throw DeadLetterNotFound(input.deadLetterId)
    }),
    route(DropDeadLetter, {
      method: 'delete',
      path: `${path}/{deadLetterId}`,
      tag: 'Dead letters',
      operationId: `drop${title}DeadLetter`,
      summary: `Drop a dead letter of ${service} for good`,
      status: 204,
    }),
  )
}
