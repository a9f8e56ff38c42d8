import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import ScheduleOutlined from '@mui/icons-material/ScheduleOutlined'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { nameOf } from '../../ui/actor-name.ts'
import { formatAge, formatSpan } from '../../ui/format/time.ts'
import { useNow } from '../../ui/format/use-now.ts'
import { Panel } from '../../ui/states/panel.tsx'
import { StatusChip } from '../../ui/status/status-chip.tsx'
import type { FullReview } from './review-detail.tsx'
import { handoverWords, roleName } from './review-words.ts'

const list = { listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 } as const

/** Through whose hands a review went. */
export function Handovers({ handovers }: Pick<FullReview, 'handovers'>) {
  const now = useNow(10_000)
  if (handovers.length === 0) return null
  const receiver = ({ to, role }: FullReview['handovers'][number]) =>
    to ? nameOf({ __typename: 'User', ...to }) : role ? `every ${roleName(role)} and above` : 'everybody who may decide'
  return (
    <Panel title="Hands it went through">
      <Box component="ul" sx={list}>
        {handovers.map((one) => (
          <Box component="li" key={one.id}>
            <Typography variant="body2">
              <strong>{nameOf(one.actor)}</strong> {handoverWords[one.kind](receiver(one))} {formatAge(one.at, now)}
            </Typography>
            {one.comment && (
              <Typography variant="body2" sx={{ color: 'text.secondary' }}>
                “{one.comment}”
              </Typography>
            )}
          </Box>
        ))}
      </Box>
    </Panel>
  )
}

const states = {
  DELIVERED: { word: 'Delivered', tone: 'success', Icon: CheckCircleOutlined },
  FAILED: { word: 'Given up', tone: 'error', Icon: ErrorOutlined },
  PENDING: { word: 'On its way', tone: 'info', Icon: ScheduleOutlined },
} as const

/** Where the decision was sent. */
export function Deliveries({ deliveries }: Pick<FullReview, 'deliveries'>) {
  const now = useNow(5_000)
  if (deliveries.length === 0) return null
  return (
    <Panel title="Sent to n8n">
      <Box component="ul" sx={list}>
        {deliveries.map(({ id, host, status, attempts, fault, createdAt, nextAt, settledAt }) => (
          <Box component="li" key={id} sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
            <StatusChip {...states[status]} />
            <Typography variant="body2">
              {host}, {formatAge(settledAt ?? createdAt, now)}
              {attempts > 1 && `, ${attempts} tries`}
              {fault && status !== 'DELIVERED' && `. ${fault}`}
              {nextAt && attempts > 0 && ` Again in ${formatSpan(Math.max(0, Date.parse(nextAt) - now))}.`}
            </Typography>
          </Box>
        ))}
      </Box>
    </Panel>
  )
}
