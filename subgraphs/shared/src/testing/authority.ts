import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceTls } from '../service-identity.ts'

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** A certificate authority of a test, by the machine's openssl: certificates for 127.0.0.1, good for a day. */
export class Authority implements Disposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'signalbox-authority-'))

  constructor() {
    const files = ['-keyout', this.#file('ca.key'), '-out', this.#file('ca.pem')]
    openssl('req', '-x509', ...NEW_KEY, '-days', '1', '-subj', '/CN=authority', ...files)
    writeFileSync(this.#file('names'), 'subjectAltName=IP:127.0.0.1')
  }

  certify(name: string): ServiceTls {
    const [key, request, cert] = ['key', 'csr', 'pem'].map((end) => this.#file(`${name}.${end}`)) as [string, string, string]
    openssl('req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', request)
    const by = ['-CA', this.#file('ca.pem'), '-CAkey', this.#file('ca.key'), '-CAcreateserial', '-extfile', this.#file('names')]
    openssl('x509', '-req', '-in', request, ...by, '-days', '1', '-out', cert)
    const [certText, keyText, caText] = [cert, key, this.#file('ca.pem')].map((file) => readFileSync(file, 'utf8'))
    return { cert: certText!, key: keyText!, ca: caText! }
  }

  [Symbol.dispose]() {
    rmSync(this.#directory, { recursive: true, force: true })
  }

  #file = (name: string) => join(this.#directory, name)
}

function openssl(...words: string[]) {
  const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}
