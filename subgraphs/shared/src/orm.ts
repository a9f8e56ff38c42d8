import 'reflect-metadata'
import type { Pool } from 'pg'
import { MikroORM, type AnyEntity, type EntityClass } from '@mikro-orm/postgresql'
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy'

export interface OrmOptions {
  url: string
  schema: string
  entities: EntityClass<AnyEntity>[]
  /** Connections at most. */
  poolSize?: number | undefined
}

/** The ORM over one subgraph's own schema. It connects lazily, so a database that is down at start is no fault. */
export function createOrm({ url, schema, entities, poolSize = 10 }: OrmOptions): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    schema,
    entities,
    metadataProvider: ReflectMetadataProvider,
    pool: { min: 0, max: poolSize },
    discovery: { warnWhenNoEntities: false },
    connect: false,
    driverOptions: { connectionTimeoutMillis: 10_000, onPoolCreated: reclaimLostConnections },
  } as Parameters<typeof MikroORM.init>[0]) as Promise<MikroORM>
}

/**
 * A transaction that loses its connection can neither commit nor roll back, and Kysely then never gives the connection back: after as
 * many as the pool holds, everybody would wait for ever. So a connection that ended is taken back, unless its holder did so.
 */
function reclaimLostConnections(pool: Pool) {
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        try {
          client.release(true)
        } catch {
          // It was given back.
        }
      }, 100).unref()
    })
  })
}
