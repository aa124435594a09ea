import type { Operation } from '../http/operation.ts'
import { pageOf } from '../http/page-of.ts'
import { noSuch } from '../stripe/errors.ts'
import { Event } from '../stripe/objects.ts'
import { ListParameters, parseParameters, Text } from '../stripe/parameters.ts'

const ListEventsParameters = ListParameters.extend({ type: Text(100).optional() })

export const retrieve: Operation = {
  name: 'events.retrieve',
  run: (scope, { id }) => {
    const event = scope.objects.find(Event, 'event', id)
    if (!event) throw noSuch('event', id, 'id')
    return event
  },
}

export const list: Operation = {
  name: 'events.list',
  run: (scope, { form }) => {
    const { type: eventType, ...parameters } = parseParameters(ListEventsParameters, form)
    return pageOf(scope, { schema: Event, object: 'event', url: '/v1/events', eventType }, parameters)
  },
}
