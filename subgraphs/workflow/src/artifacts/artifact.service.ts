import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { EntityManager } from '@mikro-orm/postgresql'
import { NotFoundError, UnavailableError } from '@signalbox/shared/errors'
import { checkId, isConnectionFailure } from '../tenant.ts'
import { checked } from './checked-stream.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { Artifact } from './artifact.entity.ts'

/** Bytes of a preview, and of what. */
const PREVIEW_BYTES = 16 * 1024
const TEXT = /^(text\/|application\/(json|xml|yaml|x-ndjson)$|.*\+(json|xml)$)/

export interface NewArtifact {
  name: string
  mediaType: string
  body: Buffer
}

/** A content of known size and digest that can be read more than once. */
export interface Content {
  name: string
  mediaType: string
  bytes: number
  /** In hex. */
  sha256: string
  open(): Buffer | Readable
}

/** Files of runs: rows in Postgres, contents in S3 under `<organisation>/<sha256>`, each content once. */
export class ArtifactService {
  /** @param managers a `Tenant`, or a manager that has its session settings */
  constructor(
    private readonly managers: { fork(): EntityManager },
    private readonly store: ArtifactStore,
  ) {}

  /**
   * Stores a file of a run: the content first, then the row. The same name with the same content again gives the first row.
   * @throws {UnavailableError} when S3 or the database cannot be reached; then the same call may simply be repeated
   */
  put(organizationId: string, runId: string, { name, mediaType, body }: NewArtifact): Promise<Artifact> {
    const sha256 = createHash('sha256').update(body).digest('hex')
    return this.putContent(organizationId, runId, { name, mediaType, bytes: body.length, sha256, open: () => body })
  }

  /** As `put`, for what need not lie in memory. @throws {NotFoundError} when the run is not there */
  async putContent(organizationId: string, runId: string, { name, mediaType, bytes, sha256, open }: Content): Promise<Artifact> {
    const objectKey = `${organizationId}/${sha256}`
    if (!(await this.#isStored(organizationId, objectKey))) await this.store.put(objectKey, open, bytes, mediaType)
    return this.#run(async (em) => {
      await em.execute(
        `insert into workflow.artifacts (organization_id, run_id, name, media_type, bytes, sha256, object_key)
         select r.organization_id, r.id, ?, ?, ?, ?, ? from workflow.runs r where r.organization_id = ? and r.id = ?
         on conflict (organization_id, run_id, name, sha256) do nothing`,
        [name, mediaType, bytes, sha256, objectKey, organizationId, runId],
      )
      const artifact = await em.findOne(Artifact, { organizationId, runId, name, sha256 })
      if (artifact === null) throw new NotFoundError('run')
      return artifact
    })
  }

  /**
   * Whether a row names the object. If none does, it is noted as loose before it is stored: should no row follow, `removeLooseObjects` finds it;
   * and one that is being removed is waited for.
   */
  #isStored(organizationId: string, objectKey: string): Promise<boolean> {
    return this.#run(async (em) => {
      const named = await em.count(Artifact, { organizationId, objectKey })
      if (named > 0) return true
      await em.execute(
        `insert into workflow.loose_objects (organization_id, object_key) values (?, ?)
         on conflict (organization_id, object_key) do update set since = clock_timestamp()`,
        [organizationId, objectKey],
      )
      return false
    })
  }

  /** Oldest first. */
  ofRun(runId: string): Promise<Artifact[]> {
    return this.#run((em) => em.find(Artifact, { runId: checkId(runId, 'run') }, { orderBy: { id: 'asc' } }))
  }

  /** @throws {NotFoundError} for an unknown one and for another organisation's alike */
  async find(id: string): Promise<Artifact> {
    const artifact = await this.#run((em) => em.findOne(Artifact, { id: checkId(id, 'artifact') }))
    if (artifact === null) throw new NotFoundError('artifact')
    return artifact
  }

  /**
   * The content, checked against its digest while it streams: one that was damaged breaks off with an error before its last part.
   * @throws {NotFoundError} when it is not there, {UnavailableError} when S3 cannot be reached
   */
  async open({ objectKey, sha256 }: Artifact): Promise<Readable> {
    const body = await this.store.get(objectKey)
    if (body === null) throw new NotFoundError('artifact')
    return checked(body, sha256)
  }

  /** The beginning of a text; null for anything else, and where the content is not there. @throws {UnavailableError} */
  async preview({ objectKey, mediaType }: Artifact): Promise<string | null> {
    if (!TEXT.test(mediaType)) return null
    const body = await this.store.get(objectKey, PREVIEW_BYTES)
    if (body === null) return null
    const parts: Buffer[] = []
    for await (const part of body) parts.push(part as Buffer)
    // A character that the cut went through is left out.
    return new TextDecoder('utf-8').decode(Buffer.concat(parts), { stream: true })
  }

  /** Whether the run is one that the caller may write to. @throws {NotFoundError} otherwise */
  async checkRun(organizationId: string, runId: string): Promise<void> {
    const rows = await this.#run((em) =>
      em.execute<object[]>('select 1 from workflow.runs where organization_id = ? and id = ?', [
        organizationId,
        checkId(runId, 'run'),
      ]),
    )
    if (rows.length === 0) throw new NotFoundError('run')
  }

  async #run<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.managers.fork())
    } catch (error) {
      throw isConnectionFailure(error) ? new UnavailableError('workflow database') : error
    }
  }
}
