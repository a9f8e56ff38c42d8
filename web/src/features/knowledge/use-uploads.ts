import { useRef, useState } from 'react'
import type { IntakeResult } from './knowledge-words.ts'
import { uploadFile } from './upload.ts'

export interface Upload {
  id: number
  name: string
  /** Of its bytes, 0 to 1; at 1 it is being read. */
  share: number
  result?: IntakeResult
  /** Why it was not taken. */
  refusal?: string
}

/** Files on their way into a base, one after another in the order in which they were given. @param onTaken after each that was taken */
export function useUploads(baseId: string, onTaken: () => void) {
  const [uploads, setUploads] = useState<Upload[]>([])
  const line = useRef(Promise.resolve())
  const next = useRef(0)
  const change = (id: number, by: Partial<Upload>) =>
    setUploads((before) => before.map((upload) => (upload.id === id ? { ...upload, ...by } : upload)))

  const send = async (id: number, file: File) => {
    try {
      change(id, { result: await uploadFile(baseId, file, (share) => change(id, { share })), share: 1 })
      onTaken()
    } catch (error) {
      change(id, { refusal: (error as Error).message })
    }
  }
  const add = (files: Iterable<File>) => {
    const fresh = [...files].map((file) => ({ id: next.current++, file }))
    setUploads((before) => [...before, ...fresh.map(({ id, file }) => ({ id, name: file.name, share: 0 }))])
    for (const { id, file } of fresh) line.current = line.current.then(() => send(id, file))
  }
  return { uploads, add, clear: () => setUploads((before) => before.filter(({ result, refusal }) => !result && !refusal)) }
}
