/** Disposes of the resource after the work, whatever came of it; `await using` is more than the boundary check can read. */
export async function disposing<R extends AsyncDisposable, T>(resource: R, work: (resource: R) => Promise<T>): Promise<T> {
  try {
    return await work(resource)
  } finally {
    await resource[Symbol.asyncDispose]()
  }
}
