import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import type { Run } from '../runs/run.entity.ts'
import { checkId, type Tenant } from '../tenant.ts'
import { countCalls, readCalls } from './tool-call-store.ts'

/** What the tools of runs were asked and answered. */
export class ToolCallService {
  constructor(private readonly tenant: Tenant) {}

  /** In the order in which they were first made. */
  async ofRun(run: Run, first: number | null, after: string | null) {
    const size = pageSize(first)
    const cursor = after === null ? null : checkId(String(decodeCursor(after)), 'page')
    const rows = await this.tenant.transaction((transaction) => readCalls(transaction, run, cursor, size))
    const count = () => this.tenant.transaction((transaction) => countCalls(transaction, run))
    return toConnection(rows, size, (call) => call.id, count, after !== null)
  }
}
