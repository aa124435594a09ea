import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: './services/payment/infrastructure/postgres/schema.ts',
  out: './services/payment/infrastructure/postgres/migrations',
  schemaFilter: ['payment'],
})
