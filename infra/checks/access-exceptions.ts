/**
 * What may be seen with less than the scope that guards it elsewhere. Each entry has a reason; without one it does not belong here.
 */

/** Fields of a type that whoever reaches it may see. */
export const SEEN_FROM_ELSEWHERE: Record<string, { fields: string[] | 'all'; why: string }> = {
  ServiceClient: {
    fields: ['id', 'name', 'clientId', 'kind', 'scopes'],
    why: 'who did something, and with what rights, is shown wherever it is shown that it was done',
  },
  KnowledgeHit: {
    fields: 'all',
    why: 'evidence is part of the review and of the step that rest on it: who may decide must see it',
  },
}

/** Scopes that stand for others: who changes something sees what it changed in the answer. */
export const COVERS: Record<string, string[]> = {
  'wrm:write': ['wrm:read'],
  'hitl:decide': ['wrm:read'],
  'kb:write': ['kb:read'],
  'workflow:publish': ['wrm:read'],
}

/** Scopes that roles carry although no field demands them yet. */
export const RESERVED_SCOPES: Record<string, string> = {}
