import BlockOutlined from '@mui/icons-material/BlockOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import EventBusyOutlined from '@mui/icons-material/EventBusyOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import type { ServiceClientsQuery } from '../../gql/graphql.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Age } from '../../ui/format/age.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { formatDate } from './moments.ts'
import { inOrder, scopeWords } from '../../ui/scope-words.ts'

export type ServiceClient = NonNullable<ServiceClientsQuery['organization']>['serviceClients'][number]

const statuses = {
  ACTIVE: { word: 'Active', tone: 'success', Icon: CheckCircleOutlined },
  EXPIRED: { word: 'Expired', tone: 'warning', Icon: EventBusyOutlined },
  REVOKED: { word: 'Revoked', tone: 'neutral', Icon: BlockOutlined },
} as const

const kinds = { CONFIDENTIAL: 'Acts by itself, with a secret', PUBLIC: 'People sign in with it' } as const

export interface ServiceClientCardProps {
  client: ServiceClient
  onRotate(): void
  onRevoke(): void
}

export function ServiceClientCard({ client, onRotate, onRevoke }: ServiceClientCardProps) {
  const { name, clientId, kind, status, scopes, redirectUris, createdAt, expiresAt, lastUsedAt, secrets } = client
  return (
    <Box component="li" sx={{ border: 1, borderColor: 'divider', borderRadius: '12px', p: 2, display: 'grid', gap: 1.5 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
        <Typography variant="h3" sx={{ overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <StatusChip {...statuses[status]} />
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {kinds[kind]}
        </Typography>
      </Box>
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
        <Fact term="Client id">
          <Code>{clientId}</Code> <CopyButton text={clientId} what="the client id" />
        </Fact>
        <Fact term="May">{inOrder(scopes).map(scopeWords).join(' · ')}</Fact>
        {redirectUris.length > 0 && (
          <Fact term="Sends back to">
            {redirectUris.map((uri) => (
              <Box key={uri}>
                <Code>{uri}</Code>
              </Box>
            ))}
          </Fact>
        )}
        <Fact term="Last used">{lastUsedAt ? <Age at={lastUsedAt} /> : 'never'}</Fact>
        <Fact term="Good until">
          {expiresAt ? formatDate(expiresAt) : 'it is revoked'} · made {formatDate(createdAt)}
        </Fact>
        {secrets.length > 0 && (
          <Fact term={secrets.length === 1 ? 'Secret' : 'Secrets'}>
            {secrets.map((secret) => (
              <Box key={secret.id}>
                ends in <Code>{secret.hint}</Code>, made {formatDate(secret.createdAt)}
                {secret.expiresAt && `, works until ${formatDate(secret.expiresAt)}`}
                {secret.lastUsedAt ? (
                  <>
                    , used <Age at={secret.lastUsedAt} />
                  </>
                ) : (
                  ', not used yet'
                )}
              </Box>
            ))}
          </Fact>
        )}
      </Box>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        {kind === 'CONFIDENTIAL' && (
          <Button size="small" variant="outlined" onClick={onRotate} aria-label={`Replace the secret of ${name}`}>
            Replace the secret
          </Button>
        )}
        <Button size="small" color="error" onClick={onRevoke} aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
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

const Code = ({ children }: { children: ReactNode }) => (
  <Box component="code" sx={{ fontFamily: 'ui-monospace, Menlo, Consolas, monospace', fontSize: '0.8125rem' }}>
    {children}
  </Box>
)
