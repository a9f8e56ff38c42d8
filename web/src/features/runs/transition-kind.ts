import AutorenewOutlined from '@mui/icons-material/AutorenewOutlined'
import BlockOutlined from '@mui/icons-material/BlockOutlined'
import CallSplitOutlined from '@mui/icons-material/CallSplitOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import CheckOutlined from '@mui/icons-material/CheckOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import HealingOutlined from '@mui/icons-material/HealingOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import HowToRegOutlined from '@mui/icons-material/HowToRegOutlined'
import OutboxOutlined from '@mui/icons-material/OutboxOutlined'
import PanToolOutlined from '@mui/icons-material/PanToolOutlined'
import PauseCircleOutlined from '@mui/icons-material/PauseCircleOutlined'
import PersonAddAltOutlined from '@mui/icons-material/PersonAddAltOutlined'
import PlayArrowOutlined from '@mui/icons-material/PlayArrowOutlined'
import ScheduleOutlined from '@mui/icons-material/ScheduleOutlined'
import TimerOffOutlined from '@mui/icons-material/TimerOffOutlined'
import type { TransitionKind } from '../../gql/graphql.ts'
import type { StatusChipProps } from '../../ui/status/status-chip.tsx'

type Look = Pick<StatusChipProps, 'tone' | 'Icon'>

export const transitionLooks: Record<TransitionKind, Look> = {
  QUEUED: { tone: 'neutral', Icon: ScheduleOutlined },
  STARTED: { tone: 'info', Icon: PlayArrowOutlined },
  NODE_STARTED: { tone: 'neutral', Icon: PlayArrowOutlined },
  NODE_FINISHED: { tone: 'success', Icon: CheckOutlined },
  NODE_FAILED: { tone: 'error', Icon: ErrorOutlined },
  RETRY_SCHEDULED: { tone: 'warning', Icon: AutorenewOutlined },
  WAITING: { tone: 'neutral', Icon: HourglassEmptyOutlined },
  REVIEW_REQUESTED: { tone: 'warning', Icon: PanToolOutlined },
  REVIEW_ASSIGNED: { tone: 'neutral', Icon: PersonAddAltOutlined },
  REVIEW_DECIDED: { tone: 'success', Icon: HowToRegOutlined },
  REVIEW_EXPIRED: { tone: 'error', Icon: TimerOffOutlined },
  RESUMED: { tone: 'info', Icon: PlayArrowOutlined },
  EFFECT_RECORDED: { tone: 'neutral', Icon: OutboxOutlined },
  EFFECT_SETTLED: { tone: 'success', Icon: OutboxOutlined },
  RECOVERED: { tone: 'warning', Icon: HealingOutlined },
  PAUSED: { tone: 'neutral', Icon: PauseCircleOutlined },
  FORKED: { tone: 'neutral', Icon: CallSplitOutlined },
  CANCELLED: { tone: 'neutral', Icon: BlockOutlined },
  EXPIRED: { tone: 'error', Icon: TimerOffOutlined },
  SUCCEEDED: { tone: 'success', Icon: CheckCircleOutlined },
  FAILED: { tone: 'error', Icon: ErrorOutlined },
}
