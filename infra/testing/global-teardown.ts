import { rmSync } from 'node:fs'
import { removeOutsideHome } from '../local/postgres-home.ts'

export default async function teardown() {
  const { server, directory } = globalThis.testPostgres!
  await server.stop()
  removeOutsideHome(directory)
  rmSync(directory, { recursive: true, force: true })
}
