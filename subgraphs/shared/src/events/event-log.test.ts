import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { createTestDatabase, type TestDatabase } from '../testing/database.ts'
import { migrateEvents } from './migrate.ts'

const organization = '0190a000-0000-7000-8000-0000000000aa'

describe('the event log', () => {
  let database: TestDatabase
  let writer: pg.Client
  let reader: pg.Client

  beforeAll(async () => {
    database = await createTestDatabase('events', (url) => migrateEvents(url('events_owner')))
    writer = new pg.Client({ connectionString: database.url('workflow_app') })
    reader = new pg.Client({ connectionString: database.url('telemetry_consumer') })
    await Promise.all([writer.connect(), reader.connect()])
    await writer.query(`select set_config('app.organization', $1, false)`, [organization])
  })
  afterAll(async () => {
    await Promise.all([writer.end(), reader.end()])
    await database.drop()
  })

  const append = (name: string) => writer.query('select events.append($1, $2, $3)', [organization, name, {}])
  const read = async (after: number) => (await reader.query('select position::int, type from events.read($1)', [after])).rows

  it('numbers what is committed without gaps and never what was rolled back', async () => {
    await append('one')
    await writer.query('begin')
    await append('lost')
    await writer.query('rollback')
    await append('two')
    await reader.query('select events.relay()')
    expect(await read(0)).toEqual([
      { position: 1, type: 'one' },
      { position: 2, type: 'two' },
    ])
    expect(await read(1)).toEqual([{ position: 2, type: 'two' }])
  })

  it('refuses an event for another organisation than the one acted for', async () => {
    const other = '0190a000-0000-7000-8000-0000000000bb'
    await expect(writer.query('select events.append($1, $2, $3)', [other, 'forged', {}])).rejects.toThrow(/must belong/)
  })

  it('keeps the tables themselves closed to services', async () => {
    await expect(writer.query('select * from events.log')).rejects.toThrow(/permission denied/)
    await expect(writer.query('select * from events.read(0)')).rejects.toThrow(/permission denied/)
    await expect(writer.query('select events.relay()')).rejects.toThrow(/permission denied/)
  })
})
