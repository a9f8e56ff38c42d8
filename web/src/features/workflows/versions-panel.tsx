import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import type { VersionFieldsFragment } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { Age } from '../../ui/format/age.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { RollbackDialog } from './rollback-dialog.tsx'
import type { WorkflowDetail } from './workflow-page.tsx'
import { WorkflowDocument } from './workflows.documents.ts'

/** Every version that was published, newest first. */
export function VersionsPanel({ workflow, mayChange }: { workflow: WorkflowDetail; mayChange: boolean }) {
  const { id, currentVersion } = workflow
  const [after, setAfter] = useState<string | null>(null)
  const [{ data }] = useQuery({ query: WorkflowDocument, variables: { id, after }, pause: after === null })
  const versions = (after === null ? undefined : data?.workflow?.versions) ?? workflow.versions
  const [target, setTarget] = useState<number | null>(null)
  return (
    <Panel title="Versions">
      {versions.nodes.length === 0 && (
        <Typography sx={{ color: 'text.secondary' }}>None yet. The first appears when the draft is published.</Typography>
      )}
      <Box component="ul" aria-label="Versions" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {versions.nodes.map((version) => {
          const current = version.id === currentVersion?.id
          return (
            <Box
              component="li"
              key={version.id}
              sx={{
                display: 'flex',
                flexWrap: 'wrap',
                gap: 1,
                py: 1.5,
                borderTop: 1,
                borderColor: 'divider',
                '&:first-of-type': { border: 0 },
              }}
            >
              <Box sx={{ flex: '1 1 280px', minWidth: 0 }}>
                <VersionWords version={version} current={current} />
              </Box>
              {currentVersion && !current && (
                <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
                  <Button
                    component={Link}
                    to={`/workflows/${id}/compare?from=${version.number}&to=${currentVersion.number}`}
                    size="small"
                    aria-label={`Compare version ${version.number} with the current one`}
                  >
                    Compare
                  </Button>
                  {mayChange && (
                    <Button
                      size="small"
                      variant="outlined"
                      onClick={() => setTarget(version.number)}
                      aria-label={`Bring back version ${version.number}`}
                    >
                      Bring back
                    </Button>
                  )}
                </Box>
              )}
            </Box>
          )
        })}
      </Box>
      {(after !== null || versions.pageInfo.hasNextPage) && (
        <Box sx={{ display: 'flex', gap: 1, mt: 1 }}>
          {after !== null && <Button onClick={() => setAfter(null)}>Newest</Button>}
          <Button disabled={!versions.pageInfo.hasNextPage} onClick={() => setAfter(versions.pageInfo.endCursor ?? null)}>
            Older
          </Button>
        </Box>
      )}
      {target !== null && <RollbackDialog workflowId={id} version={target} onClose={() => setTarget(null)} />}
    </Panel>
  )
}

function VersionWords({ version, current }: { version: VersionFieldsFragment; current: boolean }) {
  const { number, publishedAt, publishedBy, note, restores } = version
  return (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
        <Typography sx={{ fontWeight: 650 }}>Version {number}</Typography>
        {current && <StatusChip word="Current" tone="success" Icon={CheckCircleOutlined} />}
      </Box>
      {note && <Typography sx={{ overflowWrap: 'anywhere' }}>{note}</Typography>}
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {restores != null && `Brings back version ${restores} · `}
        {publishedBy ? nameOf(publishedBy) : 'Published'}
        {publishedAt && (
          <>
            , <Age at={publishedAt} />
          </>
        )}
      </Typography>
    </>
  )
}
