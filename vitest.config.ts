import { defineConfig } from 'vitest/config'

const folders = '{domain,bus,services,edge,openapi,docker}'
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
    ],
  },
})
