import { describe, expect, it } from '@jest/globals'
import { layOut } from './graph-layout.ts'

const triage = {
  names: ['plan', 'retrieve', 'decide', 'review', 'act', 'reflect'],
  edges: [
    { from: 'plan', to: 'retrieve' },
    { from: 'retrieve', to: 'decide' },
    { from: 'decide', to: 'review' },
    { from: 'decide', to: 'act' },
    { from: 'review', to: 'act' },
    { from: 'review', to: 'reflect' },
    { from: 'act', to: 'reflect' },
    { from: 'reflect', to: 'retrieve' },
  ],
}

describe('the drawing of a state graph', () => {
  const { nodes, back, ranks } = layOut(triage.names, triage.edges)

  it('puts each step after all that lead to it', () =>
    expect(nodes.map(({ name, rank }) => `${name} ${rank}`)).toEqual([
      'plan 0',
      'retrieve 1',
      'decide 2',
      'review 3',
      'act 4',
      'reflect 5',
    ]))
  it('puts what some runs pass by beside the line', () =>
    expect(nodes.filter(({ lane }) => lane === 1).map(({ name }) => name)).toEqual(['review']))
  it('finds the way back', () => expect([...back]).toEqual([7]))
  it('counts the places', () => expect(ranks).toBe(6))
  it('puts steps of one place beside each other', () => {
    const arms = ['one', 'other', 'third'].flatMap((name) => [
      { from: 'fork', to: name },
      { from: name, to: 'meet' },
    ])
    const places = layOut(['fork', 'one', 'other', 'third', 'meet'], arms).nodes.map(({ rank, lane }) => `${rank} ${lane}`)
    expect(places).toEqual(['0 0', '1 0', '1 1', '1 2', '2 0'])
  })
  it('draws a step that leads to itself', () => expect(layOut(['a'], [{ from: 'a', to: 'a' }]).back).toEqual(new Set([0])))
  it('draws nothing of nothing', () => expect(layOut([], [])).toMatchObject({ nodes: [], ranks: 1 }))
})
