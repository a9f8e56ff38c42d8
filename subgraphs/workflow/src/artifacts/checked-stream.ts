import { createHash } from 'node:crypto'
import { pipeline, Transform, type Readable } from 'node:stream'

/** The stream, one part late: its last part comes only when the whole has the digest (hex), else an error comes instead. */
export function checked(body: Readable, sha256: string): Readable {
  const hash = createHash('sha256')
  let last: Buffer | undefined
  const check = new Transform({
    transform(part: Buffer, _encoding, done) {
      hash.update(part)
      const before = last
      last = part
      done(null, before)
    },
    flush(done) {
      if (hash.digest('hex') === sha256) done(null, last)
      else done(new Error('the stored content is damaged'))
    },
  })
  // The error reaches whoever reads; here there is nobody to tell.
  pipeline(body, check, () => {})
  return check
}
