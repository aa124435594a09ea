import { AggregateRoot } from '../kernel/aggregate-root.ts'
import { addMs, DAY, type Instant } from '../kernel/clock.ts'
import type { ExportId, UserId } from '../kernel/ids.ts'
import type { PersonalData } from '../kernel/personal-data.ts'

/** How long a copy lies ready. */
export const EXPORT_KEPT_MS = 7 * DAY

/** What every service knows, by its name. */
export type Archive = Readonly<Record<string, PersonalData>>

interface ExportFacts {
  readonly id: ExportId
  readonly userId: UserId
  readonly requestedAt: Instant
}

export type DataExportState = ExportFacts &
  (
    | { readonly status: 'RUNNING' }
    | { readonly status: 'READY'; readonly archive: Archive; readonly readyAt: Instant; readonly expiresAt: Instant }
  )

/** A copy of all that the platform knows of a person, for that person. */
export class DataExport extends AggregateRoot<DataExportState> {
  static restore(state: DataExportState, version: number): DataExport {
    return new DataExport(state, version)
  }

  static request(facts: Pick<ExportFacts, 'id' | 'userId'>, at: Instant): DataExport {
    return new DataExport({ ...facts, requestedAt: at, status: 'RUNNING' }, 0)
  }

  /** The first archive stays. False where there was one. */
  fill(archive: Archive, at: Instant): boolean {
    const { state } = this
    if (state.status === 'READY') return false
    this.become({ ...state, status: 'READY', archive, readyAt: at, expiresAt: addMs(at, EXPORT_KEPT_MS) })
    return true
  }

  isThere(at: Instant): boolean {
    return this.state.status === 'RUNNING' || at < this.state.expiresAt
  }
}
