/** What both protocols take as the name of a tool. */
const TAKEN = /^[\w-]{1,64}$/

/** A name for each that the protocols take, the same where they do, each once. */
export function safeNames(names: string[]): string[] {
  const used = new Set(names.filter((name) => TAKEN.test(name)))
  return names.map((name, index) => {
    if (TAKEN.test(name)) return name
    const cleaned = name.replaceAll(/[^\w-]+/g, '_').slice(0, 50)
    const safe = cleaned !== '' && !used.has(cleaned) ? cleaned : `${cleaned}_${index + 1}`
    used.add(safe)
    return safe
  })
}
