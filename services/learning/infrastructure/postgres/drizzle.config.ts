import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './services/learning/infrastructure/postgres/schema.ts',
  out: './services/learning/infrastructure/postgres/migrations',
  schemaFilter: ['learning'],
})
