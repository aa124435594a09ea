import { z } from 'zod'
import { command } from '#bus/cqrs/definitions.ts'
import { handler } from '#bus/cqrs/handler.ts'
import { RedriveFailed, redrive } from '#bus/dead-letters/redrive.ts'
import { route } from '../../http/route.ts'
import { DeadLetters, Transport } from '../../ports.ts'
import { type Area, commandOperation, type Operations } from '../operations.ts'
import { DeadLetterId, DeadLetterNamed, DeadLetterNotFound } from './dead-letter-view.ts'

export const redriveDeadLetter = ({ service, path, title }: Area): Operations => {
  const RedriveDeadLetter = command(`${service}.redrive_dead_letter`, {
    input: DeadLetterNamed,
    output: z.object({ deadLetterId: DeadLetterId }),
    errors: [DeadLetterNotFound, RedriveFailed],
    scope: 'dead-letters:admin',
  })
  return commandOperation(
    handler(
      RedriveDeadLetter,
      { deadLetters: DeadLetters, transport: Transport },
      async ({ input: { deadLetterId } }, { deadLetters, transport }) => {
        const letter = await deadLetters.find(deadLetterId)
        if (!letter) throw DeadLetterNotFound(deadLetterId)
        await redrive(letter, service, { transport, deadLetters })
        return { deadLetterId }
      },
    ),
    route(RedriveDeadLetter, {
      method: 'post',
      path: `${path}/{deadLetterId}/redrive`,
      tag: 'Dead letters',
      operationId: `redrive${title}DeadLetter`,
      summary: `Hand a dead letter of ${service} to its consumer again`,
      description: 'Only the consumer that failed gets it. It is removed when it was accepted, and kept when not.',
      status: 202,
      location: ({ deadLetterId }) => `${path}/${deadLetterId}`,
    }),
  )
}
