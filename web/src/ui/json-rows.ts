/** A flat object: what one row of a table holds. */
export type Row = Record<string, string | number | boolean | null>

const MOST_COLUMNS = 6

/** The rows of a list of flat objects, as invoices have them; null for anything else. */
export function rowsOf(value: unknown): Row[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const isFlat = (one: unknown): one is Row =>
    typeof one === 'object' &&
    one !== null &&
    !Array.isArray(one) &&
    Object.values(one).every((cell) => cell === null || typeof cell !== 'object')
  if (!value.every(isFlat)) return null
  return columnsOf(value).length <= MOST_COLUMNS ? value : null
}

/** The names that any of the rows has. */
export const columnsOf = (rows: Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))]
