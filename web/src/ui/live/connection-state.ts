import { useSyncExternalStore } from 'react'

/** `idle`: nothing on this page is live. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'offline'

let state: ConnectionState = 'idle'
let connections = 0
const listeners = new Set<() => void>()
const reconnects = new Set<() => void>()

export function setConnectionState(next: ConnectionState): void {
  if (state === next) return
  state = next
  for (const listener of listeners) listener()
}

/** Tells who wants to know that events may have been missed. */
export function noteConnected(again: boolean): void {
  connections += 1
  setConnectionState('live')
  if (again || connections > 1) for (const listener of reconnects) listener()
}

export function onReconnect(listener: () => void): () => void {
  reconnects.add(listener)
  return () => void reconnects.delete(listener)
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useConnectionState = (): ConnectionState => useSyncExternalStore(subscribe, () => state)
