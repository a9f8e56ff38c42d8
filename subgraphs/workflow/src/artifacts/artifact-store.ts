import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import { UnavailableError } from '@signalbox/shared/errors'
import { Client, S3Error } from 'minio'

export interface ArtifactStoreConfig {
  /** `http://127.0.0.1:4006` */
  endpoint: string
  region: string
  bucket: string
  accessKey: string
  secretKey: string
  /** How long S3 may keep silent within a request before it counts as down, in milliseconds; 15 s unless given. */
  silenceMs?: number
}

/** The bucket of artifacts, on any S3. It is made when it is missing, at the first use and again if it vanishes. */
export class ArtifactStore {
  readonly #client: Client
  readonly #bucket: string
  readonly #region: string

  constructor({ endpoint, region, bucket, accessKey, secretKey, silenceMs = 15_000 }: ArtifactStoreConfig) {
    const { hostname, port, protocol } = new URL(endpoint)
    const useSSL = protocol === 'https:'
    this.#client = new Client({
      endPoint: hostname,
      port: port === '' ? (useSSL ? 443 : 80) : Number(port),
      useSSL,
      accessKey,
      secretKey,
      region,
      pathStyle: true,
      transportAgent: impatientAgent(useSSL, silenceMs),
      // The client's own retries wait for minutes in all; whoever calls decides about another try.
      retryOptions: { disableRetry: true },
    })
    this.#bucket = bucket
    this.#region = region
  }

  /**
   * @param body opened once for each try
   * @throws {UnavailableError} when S3 cannot be reached or refuses
   */
  async put(key: string, body: () => Buffer | Readable, bytes: number, mediaType: string): Promise<void> {
    await this.#reach(() =>
      this.#withBucket(() => this.#client.putObject(this.#bucket, key, body(), bytes, { 'content-type': mediaType })),
    )
  }

  /** Null when there is no such object. @param bytes of its beginning; all unless given @throws {UnavailableError} */
  get(key: string, bytes?: number): Promise<Readable | null> {
    const read = () =>
      bytes === undefined ? this.#client.getObject(this.#bucket, key) : this.#client.getPartialObject(this.#bucket, key, 0, bytes)
    return this.#reach(() => read().catch(absent))
  }

  /** An object that is not there is removed already. @throws {UnavailableError} */
  async remove(key: string): Promise<void> {
    await this.#reach(() => this.#client.removeObject(this.#bucket, key).catch(absent))
  }

  /** Makes the bucket when it is missing; also the question of `/ready`. @throws {UnavailableError} */
  async ready(): Promise<void> {
    await this.#reach(() => this.#ensureBucket())
  }

  async #withBucket<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof S3Error) || error.code !== 'NoSuchBucket') throw error
      await this.#ensureBucket()
      return work()
    }
  }

  async #ensureBucket(): Promise<void> {
    if (await this.#client.bucketExists(this.#bucket)) return
    await this.#client.makeBucket(this.#bucket, this.#region).catch((error: unknown) => {
      if (!(error instanceof S3Error) || error.code !== 'BucketAlreadyOwnedByYou') throw error
    })
  }

  async #reach<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw Object.assign(new UnavailableError('artifact'), { cause: error })
    }
  }
}

/** An agent whose connections end when nothing moves on them: a store that hangs must not hold a run for ever. */
function impatientAgent(useSSL: boolean, silenceMs: number): HttpAgent {
  const agent = new (useSSL ? HttpsAgent : HttpAgent)({ keepAlive: true, timeout: silenceMs })
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback): Duplex | null | undefined => {
    const socket = connect(options, callback) as Socket
    return socket.on('timeout', () => socket.destroy(new Error('the object store keeps silent')))
  }
  return agent
}

function absent(error: unknown): null {
  if (error instanceof S3Error && (error.code === 'NoSuchKey' || error.code === 'NoSuchBucket' || error.code === 'NotFound'))
    return null
  throw error
}
