import type { RunFilter, RunStatus } from '../../gql/graphql.ts'

/** What the list shows, as it stands in the address: it can be shared, and Back works. */
export interface RunListAddress {
  status: RunStatus[]
  workflow: string
  search: string
  /** A group of like failures. */
  group?: string
  after?: string
  before?: string
}

/** Groups of states that people ask for. */
export const statusGroups: { value: string; label: string; status: RunStatus[] }[] = [
  { value: '', label: 'All', status: [] },
  { value: 'person', label: 'Needs a person', status: ['WAITING_FOR_REVIEW'] },
  { value: 'active', label: 'In progress', status: ['QUEUED', 'RUNNING', 'WAITING', 'RETRYING', 'PAUSED'] },
  { value: 'succeeded', label: 'Succeeded', status: ['SUCCEEDED'] },
  { value: 'failed', label: 'Failed', status: ['FAILED', 'EXPIRED'] },
  { value: 'cancelled', label: 'Cancelled', status: ['CANCELLED'] },
]

export function readAddress(search: URLSearchParams): RunListAddress {
  const group = statusGroups.find(({ value }) => value === (search.get('status') ?? ''))
  return {
    status: group?.status ?? [],
    workflow: search.get('workflow') ?? '',
    search: search.get('q') ?? '',
    ...(search.has('group') && { group: search.get('group')! }),
    ...(search.has('after') && { after: search.get('after')! }),
    ...(search.has('before') && { before: search.get('before')! }),
  }
}

/** Another filter starts again at the newest page. */
export function withFilter(search: URLSearchParams, key: 'status' | 'workflow' | 'q' | 'group', value: string): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const page of ['after', 'before']) next.delete(page)
  if (value === '') next.delete(key)
  else next.set(key, value)
  return next
}

export function toFilter({ status, workflow, search, group }: RunListAddress): RunFilter {
  return {
    ...(status.length > 0 && { status }),
    ...(workflow !== '' && { workflow: [workflow] }),
    ...(group !== undefined && { failureGroup: [group] }),
    ...(search.trim() !== '' && { search: search.trim() }),
  }
}
