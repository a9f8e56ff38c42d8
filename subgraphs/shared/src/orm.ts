import 'reflect-metadata'
import { MikroORM, type AnyEntity, type EntityClass } from '@mikro-orm/postgresql'
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy'

export interface OrmOptions {
  url: string
  schema: string
  entities: EntityClass<AnyEntity>[]
  /** Connections at most. */
  poolSize?: number
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
  } as Parameters<typeof MikroORM.init>[0]) as Promise<MikroORM>
}
