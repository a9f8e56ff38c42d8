import { describe, expect, it } from '@jest/globals'
import { EventReader, type ServerSentEvent } from './server-sent-events.ts'

describe('a stream of events', () => {
  it.each(['\n', '\r\n', '\r'])('is read alike wherever it is cut, with lines that end in %j', (end) => {
    const lines = [
      ': a comment',
      'event: first',
      'id: 7',
      'data: ä 🚚',
      'data:two: three',
      '',
      'data',
      '',
      'event: lost',
      '',
      'data:  x',
      '',
      'data: cut',
    ]
    const bytes = Buffer.from(lines.map((line) => `${line}${end}`).join(''))
    for (const size of [1, 2, 7, bytes.length]) {
      const events: ServerSentEvent[] = []
      const reader = new EventReader((event) => events.push(event))
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size))
      expect(events).toEqual([
        { event: 'first', data: 'ä 🚚\ntwo: three' },
        { event: 'message', data: '' },
        { event: 'message', data: ' x' },
      ])
    }
  })
})
