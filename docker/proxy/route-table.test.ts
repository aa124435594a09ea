import { describe, expect, test } from 'vitest'
import { routeTableOf } from './route-table.ts'

const serviceOf = routeTableOf({
  user: { paths: { '/v1/users/{userId}': { get: {} }, '/v1/users/me': { get: {}, patch: {}, parameters: [] } } },
  learning: { paths: { '/v1/tutors/{tutorId}/courses': { get: {} }, '/v1/courses': { get: {}, post: {} } } },
  payment: { paths: { '/v1/tutors/me/earnings': { get: {} } } },
})

describe('the route table', () => {
  test.each([
    ['GET', '/v1/courses', 'learning'],
    ['HEAD', '/v1/courses', 'learning'],
    ['GET', '/v1/tutors/usr_1/courses', 'learning'],
    ['GET', '/v1/tutors/me/earnings', 'payment'],
    ['PATCH', '/v1/users/me', 'user'],
  ])('knows whose %s %s is', (method, path, service) => {
    expect(serviceOf(method, path)).toBe(service)
  })

  test('gives a method that nobody has to a service with that path, which refuses it by name', () => {
    expect(serviceOf('DELETE', '/v1/courses')).toBe('learning')
    expect(serviceOf('OPTIONS', '/v1/users/me')).toBe('user')
  })

  test('knows nothing of other paths, what is internal among them', () => {
    for (const path of ['/', '/v1', '/metrics', '/internal/messages/user.get_contact', '/v1/courses/../users'])
      expect(serviceOf('GET', path)).toBeUndefined()
  })
})
