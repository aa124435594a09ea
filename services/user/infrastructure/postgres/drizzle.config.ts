import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './services/user/infrastructure/postgres/schema.ts',
  out: './services/user/infrastructure/postgres/migrations',
  schemaFilter: ['user'],
})
