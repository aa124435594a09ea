import { expect, test } from 'vitest'
import { untilItFails } from './until-it-fails.ts'

test('something is made once for two who ask before it is there, and for those who come later', async () => {
  let made = 0
  const gate = Promise.withResolvers<void>()
  const get = untilItFails(async () => {
    await gate.promise
    return ++made
  })
  const asked = [get(), get()]
  gate.resolve()
  expect(await Promise.all([...asked, get()])).toEqual([1, 1, 1])
})

test('what failed is made anew for the next one who asks', async () => {
  let tries = 0
  const get = untilItFails(async () => {
    if (++tries === 1) throw new Error('not yet')
    return tries
  })
  const asked = [get(), get()]
  expect(await Promise.allSettled(asked)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
  expect([await get(), await get()]).toEqual([2, 2])
})
