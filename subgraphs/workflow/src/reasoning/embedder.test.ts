import { execFileSync } from 'node:child_process'
import { afterAll, describe, expect, it } from '@jest/globals'
import { DIMENSIONS, Embedder } from './embedder.ts'

const cosine = (a: number[], b: number[]) => a.reduce((sum, x, at) => sum + x * b[at]!, 0)

describe('the embedder', () => {
  const embedder = new Embedder()
  afterAll(() => embedder[Symbol.asyncDispose]())

  it('gives vectors of length 1 that are near where the meaning is near', async () => {
    const [a, b, c] = await embedder.embed(['My card was stolen', 'Somebody took my credit card', 'What time do you open?'])
    for (const vector of [a!, b!, c!]) {
      expect(vector).toHaveLength(DIMENSIONS)
      expect(cosine(vector, vector)).toBeCloseTo(1, 4)
    }
    expect(cosine(a!, b!)).toBeGreaterThan(cosine(a!, c!) + 0.2)
  })

  it('takes any text: empty, symbols only, very long', async () => {
    const vectors = await embedder.embed(['', '🚲🚲', '\0', 'long '.repeat(5_000)])
    expect(vectors.map((vector) => vector.length)).toEqual([512, 512, 512, 512])
    expect(await embedder.embed([])).toEqual([])
  })

  it('keeps the order of a long list and lets a question pass an import', async () => {
    const texts = Array.from({ length: 60 }, (_, n) => `sentence number ${n}`)
    const finished: string[] = []
    const all = embedder.embed(texts).then((vectors) => (finished.push('import'), vectors))
    const [one] = await embedder.embed(['sentence number 59']).then((vectors) => (finished.push('question'), vectors))
    const vectors = await all
    expect(finished).toEqual(['question', 'import'])
    expect(vectors).toHaveLength(60)
    expect(cosine(vectors[59]!, one!)).toBeCloseTo(1, 3)
    expect(cosine(vectors[0]!, one!)).toBeLessThan(0.999)
  })

  it('waits for a backend that starts more slowly than the model is read', () => {
    const slowly = `const was = WebAssembly.instantiate
      WebAssembly.instantiate = async (...what) => (await new Promise((done) => setTimeout(done, 1000)), was.apply(WebAssembly, what))`
    const program = `import { Embedder } from ${JSON.stringify(new URL('./embedder.ts', import.meta.url).href)}
      await using embedder = new Embedder()
      console.log((await embedder.embed(['x']))[0].length)`
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(slowly)}`, '--eval', program]
    expect(execFileSync(process.execPath, flags, { encoding: 'utf8' }).trim()).toBe(String(DIMENSIONS))
  })

  it('tells whoever waits when it is closed', async () => {
    const other = new Embedder()
    const waiting = other.embed(['x'])
    const refused = expect(waiting).rejects.toThrow('The embedder is closed.')
    await other[Symbol.asyncDispose]()
    await refused
    await expect(other.embed(['x'])).rejects.toThrow('The embedder is closed.')
  })
})
