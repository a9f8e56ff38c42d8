/**
 * What a second of machine time costs: a worker's share of two virtual processors and four gigabytes, on demand, about 0.10 US dollars
 * an hour. A run keeps the version that it was priced with; a new price is a new version.
 */
export const MACHINE_PRICE = { version: 1, usdPerSecond: '0.0000274' } as const
