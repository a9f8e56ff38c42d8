import crypto from 'node:crypto'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Ids are opaque to clients; one that is no UUID names nothing, and must not reach a query. */
export const isUuid = (id: string): boolean => UUID.test(id)

/** A UUIDv7: in the order of their making. Node 24 has it; its types do not name it yet. */
export const newId = (): string => (crypto as unknown as { randomUUIDv7(): string }).randomUUIDv7()
