import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { actorRef } from '@signalbox/shared/actor'
import type { Run } from '../runs/run.entity.ts'
import type { RunService } from '../runs/run.service.ts'
import { checkId, type Tenant } from '../tenant.ts'
import { Annotation } from './annotation.entity.ts'
import type { AnnotateRunInput } from './annotation.inputs.ts'

export class AnnotationService {
  constructor(
    private readonly tenant: Tenant,
    private readonly runs: RunService,
  ) {}

  async annotate(input: AnnotateRunInput): Promise<{ annotation: Annotation; run: Run }> {
    checkAnnotation(input)
    const author = actorRef(this.tenant.viewer)
    return this.tenant.transaction(async (transaction) => {
      const run = await this.runs.lock(transaction, input.runId)
      if (input.seq != null && (input.seq < 1 || input.seq > run.lastSeq))
        throw fault('seq', `must be between 1 and ${run.lastSeq}`)
      const [row] = await transaction.query<object>(
        `insert into workflow.annotations (organization_id, run_id, body, score, label, seq, author_kind, author_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning *`,
        [
          run.organizationId,
          run.id,
          input.body.trim(),
          input.score ?? null,
          input.label ?? null,
          input.seq ?? null,
          author.kind,
          author.id,
        ],
      )
      return { annotation: transaction.em.map(Annotation, row!), run }
    })
  }

  /** Oldest first. */
  async ofRun(run: Run, first: number | null, after: string | null) {
    const size = pageSize(first)
    const where = { organizationId: run.organizationId, runId: run.id }
    const rows = await this.tenant.transaction(({ em }) =>
      em.find(Annotation, after === null ? where : { ...where, id: { $gt: checkId(String(decodeCursor(after)), 'page') } }, {
        orderBy: { id: 'asc' },
        limit: size + 1,
      }),
    )
    const count = () => this.tenant.transaction(({ em }) => em.count(Annotation, where))
    return toConnection(rows, size, (annotation) => annotation.id, count, after !== null)
  }
}

function checkAnnotation({ body, score, label }: AnnotateRunInput) {
  const length = body.trim().length
  if (length === 0 || length > 4_000 || body.includes('\0')) throw fault('body', 'must have 1 to 4,000 characters')
  if (score != null && !(score >= 0 && score <= 1)) throw fault('score', 'must be between 0 and 1')
  if (label != null && (label.length > 100 || label.includes('\0'))) throw fault('label', 'must have at most 100 characters')
}

const fault = (path: string, message: string) =>
  new BadUserInputError('The annotation does not fit.', [{ path, message } satisfies FieldFault])
