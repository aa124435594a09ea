import { addMs, MINUTE } from '#domain/kernel/clock.ts'
import { sagaIdOf } from '#domain/kernel/saga.ts'
import { isFinal } from '#bus/sagas/instance.ts'
import { EnrollmentId } from '#domain/kernel/ids.ts'
import { isStanding } from '#domain/learning/grant.ts'
import { CourseEnrollment } from '#services/learning/sagas/course-enrollment.ts'
import { SeatHold } from '#services/learning/sagas/seat-hold.ts'
import type { Invariant } from './evidence.ts'

/** I8: 60 s after its deadline, or after the last fault, no saga is under way, unless it is parked and visible. */
export function* sagasEnd({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { instance } of world.host('learning').bus.sagas.values()) {
    const { deadlineMs } = instance.type === SeatHold.name ? SeatHold : CourseEnrollment
    const deadline = addMs(instance.startedAt, deadlineMs)
    const since = world.calmSince && world.calmSince > deadline ? world.calmSince : deadline
    if (world.now > addMs(since, MINUTE) && !isFinal(instance) && instance.status !== 'parked')
      yield `${sagaIdOf({ name: instance.type }, instance.key)} is ${instance.status} at ${instance.step}`
  }
}

/** I8, in the end: nothing is left to do, parked or not. */
export function* nothingIsLeft({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { instance } of world.host('learning').bus.sagas.values())
    if (instance.status === 'parked' || !isFinal(instance) || instance.pending.length > 0)
      yield `${instance.key} is ${instance.status}, waiting for ${instance.pending.map(({ step }) => step).join(', ')}`
  for (const { service, bus } of world.hosts)
    for (const { consumer, type, reason } of bus.deadLetters.values())
      yield `${service} has a dead letter of ${consumer} for ${type}: ${reason}`
}

/** I12: what was turned back emits no success any more, and nobody is in by it. */
export function* cancelledStaysCancelled({ world }: Parameters<Invariant>[0]): Iterable<string> {
  for (const { instance, journal } of world.host('learning').bus.sagas.values()) {
    if (instance.type !== CourseEnrollment.name) continue
    const turned = journal.findIndex(({ outputs }) => outputs.includes('compensate'))
    if (turned < 0) continue
    const later = journal.slice(turned + 1).flatMap(({ outputs }) => outputs)
    if (later.includes('send activate')) yield `${instance.key} was turned back and activated later`
    const enrollment = world.learning.enrollments.get(EnrollmentId.parse(instance.key))?.state
    if (enrollment?.grants.some((grant) => grant.source === 'purchase' && isStanding(grant)))
      yield `${instance.key} was turned back and has a purchase grant`
  }
}
