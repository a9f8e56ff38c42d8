import { createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { findFreeBase, parsePort, portsFrom, requireFreePorts } from './ports.ts'

describe('--port', () => {
  it.each(['', 'abc', '0', '80', '-4000', '4000.5', '65530', '99999', '4000 '])('refuses "%s"', (text) => {
    expect(() => parsePort(text)).toThrow('--port wants a number from 1024 to 65527')
  })

  it('refuses a range with a port that browsers do not call', () => {
    expect(() => parsePort('6000')).toThrow('--port 6000 would use port 6000, which browsers refuse')
    expect(() => parsePort('4040')).toThrow('would use port 4045')
  })

  it('takes a port that leaves room for the eight others', () => {
    expect(Object.values(portsFrom(parsePort('65527')))).toHaveLength(9)
    expect(portsFrom(4000)).toMatchObject({ gateway: 4000, postgres: 4004, inbox: 4008 })
  })
})

describe('a port in use', () => {
  it('is named, with the way to move', async () => {
    const base = await findFreeBase()
    const ports = portsFrom(base)
    await expect(requireFreePorts(ports)).resolves.toBeUndefined()
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(ports.knowledge, '127.0.0.1', resolve))
    try {
      const line = `Port ${base + 5} (knowledge) is in use. Move Signalbox with: npm start -- --port ${base + 100}`
      await expect(requireFreePorts(ports)).rejects.toThrow(line)
      await expect(requireFreePorts(ports, ['knowledge'])).resolves.toBeUndefined()
    } finally {
      other.close()
    }
  })
})
