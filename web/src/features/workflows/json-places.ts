/** Where each member of a JSON text stands: its dotted path and its line, from 1. The whole is the empty path. */
export function placesOf(text: string): Map<string, number> {
  const places = new Map<string, number>()
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:\n]|[^\s{}[\],:"]+/g)
  const open: Frame[] = []
  let line = 1
  for (const [token] of tokens) {
    const inside = open.at(-1)
    if (token === '\n') line += 1
    else if (token === ':' && inside) inside.isValue = true
    else if (token === ',' && inside) next(inside)
    else if (token === '}' || token === ']') open.pop()
    else if (inside?.isList === false && !inside.isValue) inside.key = nameOf(token)
    else {
      const path = open.map(({ key }) => key).join('.')
      if (!places.has(path)) places.set(path, line)
      if (token === '{') open.push({ key: '', isList: false, isValue: false })
      if (token === '[') open.push({ key: '0', isList: true, isValue: true })
    }
  }
  return places
}

interface Frame {
  key: string
  isList: boolean
  isValue: boolean
}

function next(frame: Frame) {
  if (frame.isList) frame.key = String(Number(frame.key) + 1)
  else frame.isValue = false
}

function nameOf(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token
  }
}

/** The line of a path, or of the nearest thing that it stands in. */
export function lineOf(places: Map<string, number>, path: string): number {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = places.get(at)
    if (line !== undefined) return line
  }
  return places.get('') ?? 1
}
