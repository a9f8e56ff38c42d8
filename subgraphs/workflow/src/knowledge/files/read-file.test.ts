import { describe, expect, it } from '@jest/globals'
import { extract, EXTRACT_LIMITS } from './extract.ts'
import { kindOfFile, kindOfPage } from './file-kind.ts'
import { pdfBomb, pdfOf } from './files-testkit.ts'
import { readSourceFile, type SourceFile } from './read-file.ts'

const read = (kind: SourceFile['kind'], content: string | Buffer, name = 'file') =>
  readSourceFile({ kind, name, content: Buffer.from(content) })

describe('a file that becomes knowledge', () => {
  it('is told by its name, and a page by what its server says', () => {
    expect(kindOfFile('Preise.CSV', 'application/octet-stream')).toBe('CSV')
    expect(kindOfFile('handbook', 'application/pdf')).toBe('PDF')
    expect(kindOfFile('picture.png', 'image/png')).toBeNull()
    expect(kindOfPage('https://a.example/prices.php', 'text/html; charset=utf-8')).toBe('HTML')
    expect(kindOfPage('https://a.example/README.md?x=1', 'text/plain')).toBe('MARKDOWN')
  })

  it('gives a document for each row of a table, and says which rows it left out and why', async () => {
    const csv =
      'Text,Category,Title,Key\r\n"Where is my card, please?",card,"The ""lost"" card",k1\r\n,empty,,k2\nTwice,a,,k1\nNo key,,,\n"never closed,a,,\n'
    const { documents, faults } = await read('CSV', csv, 'faq.csv')
    expect(documents).toEqual([
      { key: 'k1', text: 'Where is my card, please?', title: 'The "lost" card', label: 'card', source: 'faq.csv' },
      { key: expect.stringMatching(/^csv:[0-9a-f]{16}$/), text: 'No key', title: '', label: null, source: 'faq.csv' },
    ])
    expect(faults).toEqual([
      { line: 3, message: 'its text is empty' },
      { line: 4, message: 'its key "k1" stands in line 2 already' },
      { line: 6, message: 'a quote is opened and never closed' },
    ])
  })

  it('says of a file as a whole what is wrong with it and what would be right', async () => {
    for (const [kind, content, message] of [
      ['CSV', 'question,answer\na,b\n', 'has no column "text"; its first line names: question, answer.'],
      ['CSV', 'text\n', 'has a first line with the names of its columns, and no row.'],
      ['CSV', Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'is not UTF-8 text.'],
      ['TEXT', ' \n', 'holds no text.'],
      ['TEXT', 'a\0b', 'is no text, whatever its name says.'],
      ['MARKDOWN', '# Only\n## Headings\n', 'holds headings and nothing beneath them.'],
      ['HTML', '<body><script>draw()</script></body>', 'holds no text: what it shows may be drawn by a script.'],
      ['PDF', 'no pdf', 'is damaged, or no PDF at all.'],
      ['PDF', pdfOf(['']), 'holds no text, as a scan does.'],
      ['PDF', Buffer.alloc(21 * 1024 * 1024), 'has 21.0 MB; PDF may have 20.0 MB at most.'],
      ['TEXT', '', 'is empty.'],
    ] as const) {
      await expect(read(kind, content as string)).rejects.toThrow(message)
    }
  }, 30_000)

  it('reads of a page what its reader reads', async () => {
    const page = `<!doctype html><html><head><title>Prices &amp; terms</title><style>p{}</style></head><body>
      <header><nav><a href="/">Home</a></nav></header>
      <main><header><h1>Prices</h1></header><p>A bike costs <b>5&nbsp;euros</b><br>a day.</p>
      <h2>Weekend</h2><ul><li>Saturday: 6</li><li>Sunday: 7</li></ul><table><tr><th>Size</th><td>20"</td></tr></table>
      <aside>Read also</aside><script>track()</script><p hidden>secret</p></main><footer>Imprint</footer></body></html>`
    const { documents } = await read('HTML', page, 'https://a.example/prices')
    expect(documents).toEqual([
      {
        key: 'https://a.example/prices',
        title: 'Prices & terms',
        format: 'MARKDOWN',
        source: 'https://a.example/prices',
        text: '# Prices\n\nA bike costs 5 euros\na day.\n\n## Weekend\n\n- Saturday: 6\n- Sunday: 7\n\nSize | 20"',
      },
    ])
  })

  it('reads the pages of a PDF in their order, packed or not', async () => {
    const pages = ['The harbour opens at seven.\nShips wait out-\nside until then.', 'The lighthouse (old) is closed.']
    for (const packed of [false, true]) {
      const { documents } = await read('PDF', pdfOf(pages, { title: 'Harbour rules', packed }), 'rules.pdf')
      expect(documents[0]).toMatchObject({ key: 'rules.pdf', title: 'Harbour rules', format: 'PLAIN' })
      expect(documents[0]!.text).toBe(
        'The harbour opens at seven.\nShips wait outside until then.\n\nThe lighthouse (old) is closed.',
      )
    }
  })
})

describe('a file that is made to harm', () => {
  it('ends in a clear error, whatever limit it meets, and the next file is read as ever', async () => {
    const bomb = pdfBomb(300)
    expect(bomb.length).toBeLessThan(400 * 1024)
    await expect(read('PDF', bomb)).rejects.toThrow('unpacks to far more than a document holds')
    const pdf = (pages: string[], over: Partial<typeof EXTRACT_LIMITS>) =>
      extract({ kind: 'PDF', content: new Uint8Array(pdfOf(pages)) }, { ...EXTRACT_LIMITS, ...over })
    await expect(pdf(['a', 'b', 'c'], { pages: 2 })).rejects.toThrow('has 3 pages. Split it into parts of at most 2 pages.')
    await expect(pdf(['much text'], { characters: 5 })).rejects.toThrow('holds more text than one document may have.')
    await expect(pdf(['slow'], { timeoutMs: 1 })).rejects.toThrow('could not be read within 0.001 seconds.')
    const nested = extract({ kind: 'HTML', content: '<div>'.repeat(200_000) }, { ...EXTRACT_LIMITS, timeoutMs: 300 })
    await expect(nested).rejects.toThrow('could not be read within 0.3 seconds.')
    expect((await pdf(['still here'], {})).text).toBe('still here')
  }, 60_000)
})
