import { afterAll, describe } from 'vitest'
import { systemIds } from '#services/kit/ids.ts'
import { testHttpApp } from '#services/kit/testing/http-suite.ts'
import { startLearningService } from './testing/running-service.ts'

// The tests are made from the routes, which are there when the service is.
const service = await startLearningService()
afterAll(() => service.stop())

describe('the HTTP door of learning', () => {
  testHttpApp(service.http, {
    authorized: { 'x-actor': `${systemIds.next('usr')} learner tutor admin` },
    unscoped: { 'x-actor': systemIds.next('usr') },
  })
})
