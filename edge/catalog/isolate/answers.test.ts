import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { courseView } from '#edge/read-models/testing/course-view.ts'
import { Document } from '../http/document.ts'
import { snapshotOf } from '../testing/snapshot.ts'
import { Answers } from './answers.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('an answer is served for the snapshot it was made from and for no other', () => {
  const answers = new Answers()
  const [one, other] = [snapshotOf([courseView(1)]), snapshotOf([courseView(1)])]
  const document = new Document('{}', '"tag"')
  answers.store('facets?', one, document)
  expect(answers.fresh('facets?', one)).toBe(document)
  expect(answers.fresh('facets?', other)).toBeUndefined()
})

test('answers do not keep the catalog alive that they were made from: one copy of it is all that an isolate has room for', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: () => void = runInNewContext('gc')
  const answers = new Answers()
  const answered = () => {
    const snapshot = snapshotOf([courseView(1)])
    answers.store('facets?', snapshot, new Document('{}', '"tag"'))
    return new WeakRef(snapshot)
  }
  const superseded = answered()
  await nextTurn()
  collectGarbage()
  expect(superseded.deref()).toBeUndefined()
  expect(answers.fresh('facets?', snapshotOf([]))).toBeUndefined()
})
