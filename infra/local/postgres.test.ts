import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { findFreeBase } from './ports.ts'
import { runningPostgres, startPostgres, stopRunningPostgres, type RunningPostgres } from './postgres.ts'

async function query(server: RunningPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url() })
  client.on('error', () => {})
  await client.connect()
  return client
    .query<Record<string, unknown>>(sql)
    .then((result) => result.rows)
    .finally(() => client.end())
}

describe('the embedded Postgres', () => {
  let place: string
  let directory: string
  let port: number

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'postgres-'))
    chmodSync(place, 0o755)
    directory = join(place, 'data')
    port = await findFreeBase()
  })

  afterAll(async () => {
    await stopRunningPostgres(directory)
    rmSync(place, { recursive: true, force: true })
  })

  const start = (at = port) => startPostgres({ directory, port: at, password: 'secret' })

  it('keeps what was committed over kill -9, and the one that still runs is adopted', async () => {
    const first = await start()
    await query(first, 'create table kept (id int); insert into kept values (1)')
    const again = await start()
    expect(again.pid).toBe(first.pid)

    process.kill(first.pid, 'SIGKILL')
    const recovered = await start()
    expect(recovered.pid).not.toBe(first.pid)
    expect(await query(recovered, 'select id from kept')).toEqual([{ id: 1 }])
  })

  it('is moved when it runs on another port', async () => {
    const before = runningPostgres(directory)!
    const moved = await start(port + 1)
    expect(moved.pid).not.toBe(before.pid)
    expect(await query(moved, 'select id from kept')).toEqual([{ id: 1 }])
    await moved.stop()
    expect(runningPostgres(directory)).toBeUndefined()
  })

  it('starts over the pid file of a process that is not Postgres', async () => {
    writeFileSync(join(directory, 'postmaster.pid'), `${process.pid}\n${directory}\n0\n${port}\n`)
    const server = await start()
    expect(server.pid).not.toBe(process.pid)
    await server.stop()
    expect(existsSync(join(directory, 'postmaster.pid'))).toBe(false)
  })
})
