import { describe } from 'vitest'
import { createEngine } from '#services/kit/redis/engine.ts'
import { catalogWrites } from './catalog-writes.contract.ts'

describe('catalog writes on the in-process engine', () => {
  catalogWrites(async () => createEngine({ now: Date.now }))
})
