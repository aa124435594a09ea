import { randomBytes } from 'node:crypto'
import { verifyCodeOf } from '#domain/learning/verify-code.ts'
import { type Binding, bind, bindValue } from '#services/kit/module.ts'
import { Database } from '#services/kit/ports.ts'
import { createPostgresCertificates } from './infrastructure/postgres/certificates.ts'
import { createPostgresProgress } from './infrastructure/postgres/progress.ts'
import { CertificateRepository, ProgressRepository, VerifyCodes } from './progress-ports.ts'

const database = { database: Database }

/** Learning itself, on PostgreSQL: lessons that are done, and what is certified. */
export const progressBindings: readonly Binding[] = [
  bind(ProgressRepository, database, (made) => createPostgresProgress(made.database)),
  bind(CertificateRepository, database, (made) => createPostgresCertificates(made.database)),
  bindValue(VerifyCodes, { next: () => verifyCodeOf(randomBytes(15)) }),
]
