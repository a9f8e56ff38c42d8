import { rmSync } from 'node:fs'
import { removeOutsideHome } from '../local/postgres-home.ts'

export default async function teardown() {
  const { platform, control, directory } = globalThis.testPlatform!
  await control[Symbol.asyncDispose]()
  await platform.stop()
  removeOutsideHome(directory)
  rmSync(directory, { recursive: true, force: true })
}
