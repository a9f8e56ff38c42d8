/** Whoever acted: a person, a service client or the platform itself. */
export type NamedActor =
  | { __typename: 'User'; displayName?: string | null; email?: string | null }
  | { __typename: 'ServiceClient'; name?: string | null }
  | { __typename: 'SystemActor'; name?: string | null }

/** A name to show; the part of the platform that knows names may be away. */
export function nameOf(actor: NamedActor | null | undefined): string {
  if (!actor) return 'Somebody'
  if (actor.__typename === 'User') return actor.displayName ?? actor.email ?? 'Somebody'
  return actor.name ?? (actor.__typename === 'SystemActor' ? 'Signalbox' : 'A service')
}
