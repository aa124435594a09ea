import { describe, expect, test } from 'vitest'
import { addMs, DAY, HOUR, SECOND } from '#domain/kernel/clock.ts'
import { createAdvance, MAX_ATTEMPTS } from './advance.ts'
import type { SagaInstance } from './instance.ts'
import { cancel, dueOf, faulted, given, paid, replied, retry, type Story, START, timer } from './testing/story.ts'
import { Trip } from './testing/trip.ts'

const booked = () => given(replied('flight'), replied('hotel'))
const issuing = () => given(replied('flight'), replied('hotel'), paid)

/** The step was sent as often as it may be, without an answer. */
const unanswered = (story: Story, step: string): Story => {
  let last = story
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) last = last.whenDue(`reply:${step}`)
  return last
}

describe('forward', () => {
  test('starts with its first request, its deadline and what would undo it', () => {
    const { instance, sent } = given()
    expect(sent).toEqual(['flight'])
    expect(instance).toMatchObject({
      type: 'Trip',
      key: 'a',
      status: 'running',
      step: 'flight',
      stack: ['cancelFlight'],
    })
    expect(dueOf(instance, 'deadline')).toBe(addMs(START, DAY))
  })

  test('each reply leads to the next request', () => {
    expect(given(replied('flight')).sent).toEqual(['hotel'])
    expect(booked().sent).toEqual([])
    expect(booked().when(paid).sent).toEqual(['issue'])
  })

  test('ends with its last reply and tells of it; no timer is left', () => {
    const { instance, published } = issuing().when(replied('issue'))
    expect(published).toEqual(['trip.booked'])
    expect(instance).toMatchObject({ status: 'completed', pending: [], timers: {} })
  })

  test('a fact that overtakes the replies is kept for when its turn comes', () => {
    expect(given(paid, replied('flight')).when(replied('hotel')).sent).toEqual(['issue'])
  })

  test('a reply that nobody waits for any more is ignored', () => {
    const before = given(replied('flight'))
    const { instance, sent } = before.when(replied('flight'))
    expect(sent).toEqual([])
    expect({ ...instance, updatedAt: '' }).toEqual({ ...before.instance, updatedAt: '' })
  })

  test('parses the state that it starts from', () => {
    expect(given().instance.state).toEqual({ tripId: 'a', booked: false, paid: false })
  })
})

describe('compensation', () => {
  test('undoes what was done in reverse, one answered step after the other', () => {
    const undoing = given(paid, replied('flight')).when(faulted('hotel'))
    expect(undoing.instance).toMatchObject({ status: 'compensating', fault: { code: 'NO' } })
    expect(undoing.sent).toEqual(['cancelHotel'])
    const further = undoing.when(replied('cancelHotel'))
    expect(further.sent).toEqual(['refund'])
    const last = further.when(replied('refund'))
    expect(last.sent).toEqual(['cancelFlight'])
    const ended = last.when(replied('cancelFlight'))
    expect(ended.instance).toMatchObject({ status: 'compensated', stack: [], pending: [], timers: {} })
  })

  test('ignores the late replies of what is being undone', () => {
    const undoing = given(replied('flight')).when(cancel)
    expect(undoing.when(replied('hotel')).sent).toEqual([])
    expect(undoing.when(replied('hotel')).instance.status).toBe('compensating')
  })

  test('is sent again until it is answered, then parked', () => {
    const undoing = given().when(faulted('flight'))
    expect(undoing.whenDue('reply:cancelFlight').sent).toEqual(['cancelFlight'])
    const parked = unanswered(undoing, 'cancelFlight')
    expect(parked.instance).toMatchObject({ status: 'parked', fault: { code: 'SAGA_STEP_UNANSWERED' } })
    expect(parked.when(replied('cancelFlight')).instance.status).toBe('compensated')
  })

  test('that is declined parks at once; a retry is a new intent', () => {
    const declined = given().when(faulted('flight')).when(faulted('cancelFlight'))
    expect(declined.instance).toMatchObject({ status: 'parked', pending: [{ step: 'cancelFlight', declines: 1 }] })
    expect(Object.keys(declined.instance.timers)).toEqual([])
    const again = declined.when(retry)
    expect(again.step.requests).toMatchObject([{ step: 'cancelFlight', declines: 1, attempts: 1 }])
    expect(again.when(replied('cancelFlight')).instance.status).toBe('compensated')
  })

  test('is not ended by a late message', () => {
    const late = given().when(faulted('flight')).when(paid)
    expect(late.sent).toEqual(['refund'])
    expect(late.instance.status).toBe('compensating')
  })
})

describe('the pivot', () => {
  test('is passed when its step is sent', () => {
    expect(booked().instance.pivoted).toBe(false)
    expect(issuing().instance.pivoted).toBe(true)
  })

  test('a decline after it fails the saga and undoes nothing', () => {
    const { instance, sent } = issuing().when(faulted('issue'))
    expect(instance).toMatchObject({ status: 'failed', fault: { code: 'NO' } })
    expect(sent).toEqual([])
  })

  test('the deadline after it parks; the answer still completes', () => {
    const parked = issuing().whenDue('deadline')
    expect(parked.instance).toMatchObject({ status: 'parked', resumeAs: 'running', fault: { code: 'SAGA_DEADLINE' } })
    expect(parked.when(replied('issue')).instance.status).toBe('completed')
  })

  test('the deadline before it turns back', () => {
    const undoing = booked().whenDue('deadline')
    expect(undoing.sent).toEqual(['cancelHotel'])
    expect(undoing.instance.fault).toMatchObject({ code: 'SAGA_DEADLINE' })
  })
})

describe('a timer', () => {
  test('fires at its instant, not before', () => {
    const armed = booked()
    expect(armed.when(timer('remind'), addMs(armed.now, HOUR - 1)).published).toEqual([])
    expect(armed.when(timer('remind'), addMs(armed.now, HOUR)).published).toEqual(['trip.reminded'])
  })

  test('that was armed again ignores the firing of the old instant', () => {
    const again = booked().whenDue('remind')
    expect(again.when(timer('remind'), again.now).published).toEqual([])
    expect(again.when(timer('remind'), addMs(again.now, 2 * HOUR)).published).toEqual(['trip.reminded'])
  })

  test('that was cancelled never fires', () => {
    const { when, instance, now } = booked().when(paid)
    expect(instance.timers['remind']).toBeUndefined()
    expect(when(timer('remind'), addMs(now, 5 * HOUR)).published).toEqual([])
  })

  test('that nothing knows changes nothing', () => {
    expect(booked().when(timer('nonsense')).step.outputs).toEqual([])
  })

  test('waits beside an instance that is parked', () => {
    const { instance, now } = booked()
    const parked: SagaInstance = { ...instance, status: 'parked', resumeAs: 'running' }
    const due = addMs(now, HOUR)
    const fired = createAdvance(Trip).receive(parked, timer('remind'), due)
    expect(fired.publish).toEqual([])
    expect(dueOf(fired.instance, 'remind') > due).toBe(true)
  })
})

describe('a request without an answer', () => {
  test('is sent again after 10 s, then after twice as long each time', () => {
    const first = given()
    expect(dueOf(first.instance, 'reply:flight')).toBe(addMs(START, 10 * SECOND))
    const second = first.whenDue('reply:flight')
    expect(second.step.requests).toMatchObject([{ step: 'flight', attempts: 2 }])
    expect(dueOf(second.instance, 'reply:flight')).toBe(addMs(second.now, 20 * SECOND))
  })

  test('is not sent again once it is answered', () => {
    expect(given(replied('flight')).instance.timers['reply:flight']).toBeUndefined()
  })

  test('waits for its next turn after a failure that is no decision', () => {
    const { instance, sent } = given().when(faulted('flight', true))
    expect(sent).toEqual([])
    expect(instance).toMatchObject({ status: 'running', pending: [{ step: 'flight' }] })
  })

  test('parks the saga in the end, and a retry starts over', () => {
    const parked = unanswered(given(), 'flight')
    expect(parked.instance).toMatchObject({ status: 'parked', fault: { code: 'SAGA_STEP_UNANSWERED' } })
    expect(parked.instance.timers).toEqual({})
    const again = parked.when(retry)
    expect(again.sent).toEqual(['flight'])
    expect(again.instance).toMatchObject({ status: 'running', fault: undefined })
    expect(dueOf(again.instance, 'deadline')).toBe(addMs(again.now, DAY))
    expect(again.when(replied('flight')).sent).toEqual(['hotel'])
  })

  test('that is answered after all lets a parked saga go on', () => {
    const { instance, sent } = unanswered(given(), 'flight').when(replied('flight'))
    expect(instance.status).toBe('running')
    expect(sent).toEqual(['hotel'])
  })
})

describe('a cancel', () => {
  test('undoes, and ends as cancelled', () => {
    const undoing = given(replied('flight'), cancel)
    expect(undoing.sent).toEqual(['cancelHotel'])
    const ended = undoing.when(replied('cancelHotel')).when(replied('cancelFlight'))
    expect(ended.instance.status).toBe('cancelled')
  })

  test('turns a parked instance back as well', () => {
    expect(unanswered(given(), 'flight').when(cancel).sent).toEqual(['cancelFlight'])
  })
})

describe('a late event', () => {
  const compensated = () => given().when(faulted('flight')).when(replied('cancelFlight'))

  test('on an ended instance is answered without waking it', () => {
    const late = compensated().when(paid)
    expect(late.sent).toEqual(['refund'])
    expect(late.instance.status).toBe('compensated')
    expect(late.when(paid).sent).toEqual([])
    expect(late.when(replied('refund')).instance).toMatchObject({ status: 'compensated', pending: [], timers: {} })
  })

  test('is carried through: unanswered it is sent again, then parked, and goes back to where it had ended', () => {
    const late = compensated().when(paid)
    expect(late.whenDue('reply:refund').sent).toEqual(['refund'])
    const parked = unanswered(late, 'refund')
    expect(parked.instance).toMatchObject({ status: 'parked', resumeAs: 'compensated' })
    expect(parked.when(paid).sent).toEqual([])
    expect(parked.when(retry).instance.status).toBe('compensated')
    expect(parked.when(replied('refund')).instance.status).toBe('compensated')
  })

  test('on a completed instance repeats nothing', () => {
    const done = issuing().when(replied('issue'))
    expect(done.when(paid)).toMatchObject({ sent: [], published: [], instance: { status: 'completed' } })
  })
})
