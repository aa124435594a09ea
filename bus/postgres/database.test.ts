import { expect, test } from 'vitest'
import { Unavailable } from '../cqrs/errors.ts'
import { translateFailure } from './database.ts'

const failure = (code: string): Error => Object.assign(new Error('no'), { code })

test.each(['ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'CONNECTION_CLOSED', '57P01', '57014', '53100', '25006'])(
  'a server that fails with %s is not available, and says so instead of failing the request',
  (code) => {
    const error = failure(code)
    expect(translateFailure(error)).toSatisfy(Unavailable.is)
    expect(translateFailure(error)).toMatchObject({ cause: error })
  },
)

test.each(['23505', '22P02', 'BU001'])('a statement that fails with %s is told as it is', (code) => {
  const error = failure(code)
  expect(translateFailure(error)).toBe(error)
})
