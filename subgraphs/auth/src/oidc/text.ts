/** A parameter of the protocol as text; whatever else it may be is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
