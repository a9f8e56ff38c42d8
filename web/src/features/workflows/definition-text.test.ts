import { describe, expect, it } from '@jest/globals'
import { parseText, slugOf, tidy } from './definition-text.ts'
import { lineOf, placesOf } from './json-places.ts'

const text = `{
  "nodes": [
    { "name": "a, b: {",
      "set": { "x": [1, 2,
        3] } },
    { "name": "c" }
  ],
  "edges": []
}`

describe('the text of a definition', () => {
  it.each([
    ['', 1],
    ['nodes', 2],
    ['nodes.0.name', 3],
    ['nodes.0.set.x.2', 5],
    ['nodes.1', 6],
    ['nodes.1.timeoutMs', 6],
    ['edges', 8],
    ['result', 1],
  ])('finds the line of "%s"', (path, line) => expect(lineOf(placesOf(text), path)).toBe(line))

  it('says where it stops being JSON', () => {
    expect(parseText(text)).toEqual({ value: JSON.parse(text) })
    expect(parseText('{\n  "a": 1,\n  b\n}')).toMatchObject({ line: 3 })
    expect(parseText('{\n  "a": 1,')).toMatchObject({ line: 2 })
  })

  it('is written in the order of the schema, without defaults', () => {
    const node = { properties: { retry: {}, kind: { const: 'x' }, set: { default: {} } } }
    const schema = {
      properties: { nodes: { items: { oneOf: [node] } }, policy: { default: {}, properties: { rate: { default: 0 } } } },
    }
    const given = { policy: { rate: 0 }, more: 1, nodes: [{ set: {}, retry: 1, kind: 'x', name: 'n' }] }
    expect(JSON.stringify(tidy(given, schema))).toBe('{"nodes":[{"name":"n","kind":"x","retry":1}],"more":1}')
  })

  it('makes a slug of a name', () => expect(slugOf(' Prüfung: Verträge (neu) ')).toBe('prufung-vertrage-neu'))
})
