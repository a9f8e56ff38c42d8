/**
 * Collects the keys that are asked for within one turn of the event loop and loads them at once. Nothing is remembered: in a
 * subscription the next event asks again.
 */
export function batched<V>(load: (keys: string[]) => Promise<Map<string, V>>): (key: string) => Promise<V | undefined> {
  let waiting: { keys: Set<string>; result: Promise<Map<string, V>> } | undefined
  return async (key) => {
    if (waiting === undefined) {
      const keys = new Set<string>()
      waiting = {
        keys,
        result: new Promise((resolve, reject) => {
          setImmediate(() => {
            waiting = undefined
            load([...keys]).then(resolve, reject)
          })
        }),
      }
    }
    waiting.keys.add(key)
    return (await waiting.result).get(key)
  }
}

export const keyed = <V, K extends keyof V>(rows: V[], key: K) => new Map(rows.map((row) => [String(row[key]), row]))
