import { Instant } from '#domain/kernel/clock.ts'
import { ExportId } from '#domain/kernel/ids.ts'
import { PersonalData } from '#domain/kernel/personal-data.ts'
import { ExportNotFound } from '#domain/user/errors.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ExportRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'

export const GetMyExport = query('user.get_my_export', {
  input: z.strictObject({ exportId: ExportId }),
  output: z.object({
    exportId: ExportId,
    status: z.enum(['RUNNING', 'READY']),
    requestedAt: Instant,
    readyAt: Instant.optional(),
    expiresAt: Instant.optional().describe('Until when it can be read.'),
    archive: z
      .record(z.string().max(50), PersonalData)
      .optional()
      .describe('What each service knows, by its name: lists of things by their kind.'),
  }),
  errors: [ExportNotFound],
  scope: 'profile:read',
})

export const getMyExport = queryHandler(
  GetMyExport,
  { exports: ExportRepository },
  async ({ input: { exportId }, actor, now }, { exports }) => {
    const found = await exports.load(exportId)
    if (found?.state.userId !== signedIn(actor).userId || !found.isThere(now)) throw ExportNotFound(exportId)
    const { status, requestedAt, ...rest } = found.state
    const { archive, readyAt, expiresAt } = 'archive' in rest ? rest : {}
    return { exportId, status, requestedAt, readyAt, expiresAt, archive: archive && { ...archive } }
  },
)

export const getMyExportRoute = route(GetMyExport, {
  method: 'get',
  path: '/v1/users/me/exports/{exportId}',
  tag: 'Users',
  summary: 'Read a copy of all my data',
  description:
    'Amounts are in minor units. What others said, such as the name of who reported a review, is theirs and left out.',
})
