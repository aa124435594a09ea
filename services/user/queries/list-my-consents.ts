import { ConsentPurpose } from '#domain/user/consent.ts'
import { query } from '#bus/cqrs/definitions.ts'
import { queryHandler } from '#bus/cqrs/handler.ts'
import { route } from '#services/kit/http/route.ts'
import { z } from 'zod'
import { ConsentRepository } from '../ports.ts'
import { signedIn } from '../signed-in.ts'
import { ConsentView } from '../views.ts'

export const ListMyConsents = query('user.list_my_consents', {
  input: z.strictObject({}),
  output: z.object({ items: z.array(ConsentView).max(ConsentPurpose.options.length) }),
  scope: 'profile:read',
})

export const listMyConsents = queryHandler(
  ListMyConsents,
  { consents: ConsentRepository },
  async ({ actor }, { consents }) => ({ items: await consents.ofUser(signedIn(actor).userId) }),
)

export const listMyConsentsRoute = route(ListMyConsents, {
  method: 'get',
  path: '/v1/users/me/consents',
  tag: 'Consents',
  summary: 'List my consents',
  description: 'The last word about each purpose that there is one about.',
})
