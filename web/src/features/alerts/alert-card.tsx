import CheckOutlined from '@mui/icons-material/CheckOutlined'
import GppMaybeOutlined from '@mui/icons-material/GppMaybeOutlined'
import ReportOutlined from '@mui/icons-material/ReportOutlined'
import MuiAlert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Typography from '@mui/material/Typography'
import { useId } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import type { AlertsQuery } from '../../gql/graphql.ts'
import { nameOf, type NamedActor } from '../../ui/actor-name.ts'
import { describeError } from '../../ui/errors.ts'
import { Age } from '../../ui/format/age.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import { AcknowledgeAlertDocument } from './alerts.documents.ts'

export type Alert = AlertsQuery['alerts']['nodes'][number]

/** One alert in plain words, with the way to the entries behind it. */
export function AlertCard({ alert }: { alert: Alert }) {
  const id = useId()
  const isCritical = alert.severity === 'CRITICAL'
  const isOpen = !alert.acknowledgedAt
  return (
    <Card
      component="article"
      aria-labelledby={id}
      sx={{ p: { xs: 2, md: 2.5 }, display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.75 }}>
        <StatusChip
          word={isCritical ? 'Critical' : 'Warning'}
          tone={isOpen ? (isCritical ? 'error' : 'warning') : 'neutral'}
          Icon={isCritical ? ReportOutlined : GppMaybeOutlined}
        />
        <Typography id={id} variant="h2" sx={{ flex: { xs: '1 1 100%', sm: '1 1 220px' }, order: { xs: 1, sm: 0 } }}>
          {alert.title}
        </Typography>
        <Box sx={{ color: 'text.secondary', fontSize: '0.875rem', ml: 'auto' }}>
          <Age at={alert.lastAt} />
        </Box>
      </Box>
      <About alert={alert} />
      <Part name="What happened">{alert.whatHappened}</Part>
      <Part name="Why it matters">{alert.whyItMatters}</Part>
      <Part name="What to do">{alert.whatToDo}</Part>
      <Actions alert={alert} />
    </Card>
  )
}

function About({ alert }: { alert: Alert }) {
  const isAgency = useViewer().organization.kind === 'AGENCY'
  const parts = [
    alert.actor && `Account: ${nameOf(alert.actor as NamedActor)}`,
    alert.source && `Network: ${alert.source}`,
    isAgency && alert.organization && alert.organization.name,
  ].filter(Boolean)
  return parts.length === 0 ? null : <Typography sx={{ fontWeight: 600 }}>{parts.join(' · ')}</Typography>
}

function Part({ name, children }: { name: string; children: string }) {
  return (
    <Box>
      <Typography component="h3" variant="body2" sx={{ color: 'text.secondary', fontWeight: 600 }}>
        {name}
      </Typography>
      <Typography sx={{ maxWidth: '70ch' }}>{children}</Typography>
    </Box>
  )
}

function Actions({ alert }: { alert: Alert }) {
  const { organization } = useViewer()
  const [{ error, fetching }, acknowledge] = useMutation(AcknowledgeAlertDocument)
  const isOwn = alert.organization === null || alert.organization?.id === organization.id
  const search = new URLSearchParams(alert.source ? { q: alert.source } : { actor: actorIdOf(alert) })
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1.5 }}>
      {!alert.acknowledgedAt && (
        <Button
          variant="contained"
          startIcon={<CheckOutlined />}
          loading={fetching}
          disabled={!isOwn}
          onClick={() => void acknowledge({ input: { id: alert.id } })}
        >
          I have seen to it
        </Button>
      )}
      <Button component={Link} to={`/settings/audit?${search.toString()}`} variant={alert.acknowledgedAt ? 'outlined' : 'text'}>
        See the entries
      </Button>
      {alert.acknowledgedAt && (
        <Box sx={{ color: 'text.secondary', fontSize: '0.875rem' }}>
          {nameOf(alert.acknowledgedBy)} saw to it <Age at={alert.acknowledgedAt} />
        </Box>
      )}
      {!isOwn && !alert.acknowledgedAt && (
        <Box sx={{ color: 'text.secondary', fontSize: '0.875rem' }}>Switch to {alert.organization?.name} to say so.</Box>
      )}
      {error && <MuiAlert severity="error">{describeError(error).detail}</MuiAlert>}
    </Box>
  )
}

const actorIdOf = ({ actor }: Alert) => (actor && 'id' in actor ? actor.id : '')
