import AutorenewOutlined from '@mui/icons-material/AutorenewOutlined'
import BlockOutlined from '@mui/icons-material/BlockOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import PanToolOutlined from '@mui/icons-material/PanToolOutlined'
import PauseCircleOutlined from '@mui/icons-material/PauseCircleOutlined'
import PlayCircleOutlined from '@mui/icons-material/PlayCircleOutlined'
import ScheduleOutlined from '@mui/icons-material/ScheduleOutlined'
import TimerOffOutlined from '@mui/icons-material/TimerOffOutlined'
import type { RunStatus } from '../../gql/graphql.ts'
import { StatusChip, type StatusChipProps } from './status-chip.tsx'

export const runStatusLooks: Record<RunStatus, Omit<StatusChipProps, 'size'>> = {
  QUEUED: { word: 'Queued', tone: 'neutral', Icon: ScheduleOutlined },
  RUNNING: { word: 'Running', tone: 'info', Icon: PlayCircleOutlined },
  WAITING_FOR_REVIEW: { word: 'Needs a person', tone: 'warning', Icon: PanToolOutlined },
  WAITING: { word: 'Waiting', tone: 'neutral', Icon: HourglassEmptyOutlined },
  RETRYING: { word: 'Retrying', tone: 'warning', Icon: AutorenewOutlined },
  PAUSED: { word: 'Paused', tone: 'neutral', Icon: PauseCircleOutlined },
  SUCCEEDED: { word: 'Succeeded', tone: 'success', Icon: CheckCircleOutlined },
  FAILED: { word: 'Failed', tone: 'error', Icon: ErrorOutlined },
  CANCELLED: { word: 'Cancelled', tone: 'neutral', Icon: BlockOutlined },
  EXPIRED: { word: 'Expired', tone: 'error', Icon: TimerOffOutlined },
}

const ended: readonly RunStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED']
export const hasEnded = (status: RunStatus): boolean => ended.includes(status)

export function RunStatusChip({ status, size }: { status: RunStatus; size?: 'small' | 'medium' }) {
  return <StatusChip {...runStatusLooks[status]} size={size} />
}
