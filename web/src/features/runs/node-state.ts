import AutorenewOutlined from '@mui/icons-material/AutorenewOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import PanToolOutlined from '@mui/icons-material/PanToolOutlined'
import PlayCircleOutlined from '@mui/icons-material/PlayCircleOutlined'
import RadioButtonUncheckedOutlined from '@mui/icons-material/RadioButtonUncheckedOutlined'
import RemoveCircleOutlineOutlined from '@mui/icons-material/RemoveCircleOutlineOutlined'
import type { NodeState } from '../../gql/graphql.ts'
import type { StatusChipProps } from '../../ui/status/status-chip.tsx'

export const nodeStateLooks: Record<NodeState, Omit<StatusChipProps, 'size'>> = {
  PENDING: { word: 'Not yet', tone: 'neutral', Icon: RadioButtonUncheckedOutlined },
  RUNNING: { word: 'Running', tone: 'info', Icon: PlayCircleOutlined },
  WAITING: { word: 'Needs a person', tone: 'warning', Icon: PanToolOutlined },
  RETRYING: { word: 'Retrying', tone: 'warning', Icon: AutorenewOutlined },
  SUCCEEDED: { word: 'Done', tone: 'success', Icon: CheckCircleOutlined },
  FAILED: { word: 'Failed', tone: 'error', Icon: ErrorOutlined },
  SKIPPED: { word: 'Passed by', tone: 'neutral', Icon: RemoveCircleOutlineOutlined },
}

export const isActive = (state: NodeState): boolean => state === 'RUNNING' || state === 'WAITING' || state === 'RETRYING'
