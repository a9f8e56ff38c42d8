import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { createOrm } from './orm.ts'
import { createTestDatabase, type TestDatabase } from './testing/database.ts'

describe('the ORM', () => {
  let database: TestDatabase
  let superuser: pg.Client
  let orm: MikroORM

  beforeAll(async () => {
    database = await createTestDatabase('empty')
    superuser = new pg.Client({ connectionString: database.superuserUrl })
    await superuser.connect()
    orm = await createOrm({ url: database.url('workflow_app'), schema: 'workflow', entities: [], poolSize: 1 })
  })
  afterAll(async () => {
    await orm.close(true)
    await superuser.end()
    await database.drop()
  })

  it('has its connections back after transactions lost theirs', async () => {
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'workflow_app' and datname = current_database()`
    for (let round = 0; round < 3; round++) {
      const lost = orm.em.fork().transactional(async (em) => {
        await superuser.query(cut)
        await em.execute('select 1')
      })
      await expect(lost).rejects.toThrow()
      expect(await orm.em.fork().execute('select 1 as one')).toEqual([{ one: 1 }])
    }
  })
})
