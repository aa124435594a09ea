// Makes the demo logins, and at the first start the demonstration courses.
import { environment, loadConfig } from '#services/kit/config.ts'
import { seedStack } from '../stack/seed.ts'
import { SeedConfig } from './config.ts'
import { runJob } from './run.ts'

await runJob(async () => {
  const config = loadConfig(SeedConfig)
  const secrets = { cursorSecret: config.CURSOR_SECRET, demo: config.DEMO_LOGINS }
  await seedStack(config.DATABASE_URL, secrets, environment, config.DATA_DIRECTORY)
})
