import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRows } from '../inventory/rows.ts'
import { faultsOf, TABLE, tableOf } from '../inventory/table.ts'
import { projectRoot } from './files.ts'

const rows = readRows()
const path = join(projectRoot, TABLE)
const stale = !existsSync(path) || readFileSync(path, 'utf8') !== tableOf(rows)
const faults = [...faultsOf(rows), ...(stale ? [`${TABLE} is not up to date. Run \`npm run coverage\`.`] : [])]
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1
