import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useQuery } from 'urql'
import type { RunVersionsQuery } from '../../gql/graphql.ts'
import { RunVersionsDocument } from './run-actions.documents.ts'

export type VersionChoice = NonNullable<RunVersionsQuery['workflow']>['versions']['nodes'][number]

/** The published versions of a workflow, newest first. */
export function useVersions(workflowId: string): VersionChoice[] {
  const [{ data }] = useQuery({ query: RunVersionsDocument, variables: { id: workflowId } })
  return data?.workflow?.versions.nodes.filter(({ publishedAt }) => publishedAt != null) ?? []
}

export interface VersionFieldProps {
  versions: VersionChoice[]
  value: number
  onChange(number: number): void
}

/** Which version it runs on; nothing where there is but one. */
export function VersionField({ versions, value, onChange }: VersionFieldProps) {
  if (versions.length < 2) return null
  return (
    <TextField select label="Version of the workflow" value={value} onChange={(event) => onChange(Number(event.target.value))}>
      {versions.map(({ number }, index) => (
        <MenuItem key={number} value={number}>
          Version {number}
          {index === 0 && ', the latest'}
        </MenuItem>
      ))}
    </TextField>
  )
}
