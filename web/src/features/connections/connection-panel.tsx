import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { useMutation } from 'urql'
import type { CredentialKind } from '../../gql/graphql.ts'
import { nameOf } from '../../ui/actor-name.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { Panel } from '../../ui/states/panel.tsx'
import { kinds, precedenceOf, type Connection } from './connection-kinds.ts'
import { TestConnectionDocument } from './connections.documents.ts'

export interface ConnectionPanelProps {
  kind: CredentialKind
  connection: Connection | undefined
  /** All of them: which of two models is used depends on both. */
  connections: Connection[]
  onEdit(): void
  onDelete(connection: Connection): void
}

export function ConnectionPanel({ kind, connection, connections, onEdit, onDelete }: ConnectionPanelProps) {
  const { title, name, purpose, without } = kinds[kind]
  const used = connection && (precedenceOf(connection, connections) ?? purpose)
  return (
    <Panel
      title={title}
      aside={
        !connection && (
          <Button variant="contained" onClick={onEdit} aria-label={`Connect ${name}`}>
            Connect
          </Button>
        )
      }
    >
      <Typography sx={{ color: 'text.secondary' }}>{used ?? `Not connected. ${without}`}</Typography>
      {connection && <Connected connection={connection} onEdit={onEdit} onDelete={() => onDelete(connection)} />}
    </Panel>
  )
}

interface ConnectedProps {
  connection: Connection
  onEdit(): void
  onDelete(): void
}

function Connected({ connection, onEdit, onDelete }: ConnectedProps) {
  const { id, kind, host, hint, savedAt, savedBy, lastUsedAt } = connection
  const { name, testing } = kinds[kind]
  const [{ fetching, error, data }, test] = useMutation(TestConnectionDocument)
  const outcome = data?.testCredential
  return (
    <Box sx={{ display: 'grid', gap: 1.5, mt: 1.5 }}>
      <Box
        component="dl"
        sx={{
          m: 0,
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '110px minmax(0, 1fr)' },
          columnGap: 2,
          rowGap: 0.75,
        }}
      >
        <Fact term="Leads to">{host}</Fact>
        <Fact term="Secret">{hint}</Fact>
        <Fact term="Saved">
          <Age at={savedAt} /> by {nameOf(savedBy)}
        </Fact>
        <Fact term="Last used">{lastUsedAt ? <Age at={lastUsedAt} /> : 'not yet'}</Fact>
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Button
          size="small"
          variant="outlined"
          loading={fetching}
          onClick={() => void test({ input: { id } })}
          aria-label={`Test the connection to ${name}`}
        >
          Test connection
        </Button>
        <Button size="small" variant="outlined" onClick={onEdit} aria-label={`Replace ${name}`}>
          Replace
        </Button>
        <Button size="small" color="error" onClick={onDelete} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        {testing}
      </Typography>
      <Box role="status">
        {outcome && !fetching && (
          <Alert severity={outcome.succeeded ? 'success' : 'warning'}>
            {outcome.succeeded ? 'It works.' : 'It does not work.'} {outcome.message}
          </Alert>
        )}
        {error && !fetching && <Alert severity="error">{describeError(error).detail}</Alert>}
      </Box>
    </Box>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <Typography component="dt" variant="body2" sx={{ color: 'text.secondary', pt: 0.25 }}>
        {term}
      </Typography>
      <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </>
  )
}
