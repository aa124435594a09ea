import { defineConfig } from 'vitest/config'

const folders = '{domain,bus,services,edge,openapi,docker}'
/** What holds for the platform in one process holds for a process for each service as well. */
const onBoth = '{journey,seats,payments,refunds,disputes,coupons,leaving,provider-faults,catalog}'
/** The stack needs a Redis server and an emulator (or AWS); everything else comes from npm. */
const canRunStack = process.env['REDIS_URL'] && process.env['AWS_ENDPOINT_URL']
const timeouts = { testTimeout: 30_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    globalSetup: ['services/kit/testing/global-setup.ts'],
    projects: [
      {
        test: {
          ...timeouts,
          name: 'suites',
          include: [`${folders}/**/*.test.ts`],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // A running platform fills the machine: one at a time, after the rest.
        test: {
          ...timeouts,
          name: 'platform',
          include: [`${folders}/**/*.e2e.test.ts`],
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      ...(canRunStack
        ? [
            {
              test: {
                ...timeouts,
                name: 'stack',
                include: [`services/embedded/${onBoth}.e2e.test.ts`],
                env: { PLATFORM: 'stack' },
                maxWorkers: 1,
                fileParallelism: false,
                sequence: { groupOrder: 2 },
              },
            },
          ]
        : []),
    ],
  },
})
