import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, expect, it } from '@jest/globals'
import { ArtifactStore } from './artifact-store.ts'

const sockets = new Set<Socket>()
const silent = createServer((socket) => sockets.add(socket))
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

it('counts a store that takes the request and never answers as down', async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const store = new ArtifactStore({ endpoint, region: 'us-east-1', bucket: 'b', accessKey: 'a', secretKey: 's', silenceMs: 100 })
  await expect(store.put('key', () => Buffer.from('text'), 4, 'text/plain')).rejects.toMatchObject({
    extensions: { code: 'UNAVAILABLE', service: 'artifact' },
  })
})
