import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './check/files.ts'
import { readRows } from './inventory/rows.ts'
import { faultsOf, TABLE, tableOf } from './inventory/table.ts'

const rows = readRows()
const faults = faultsOf(rows)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
writeFileSync(join(projectRoot, TABLE), tableOf(rows))
console.log(`${TABLE}: ${rows.length} operations, commands, queries, events and messages.`)
