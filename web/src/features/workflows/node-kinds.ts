import type { SvgIconComponent } from '@mui/icons-material'
import AccountTreeOutlined from '@mui/icons-material/AccountTreeOutlined'
import AltRouteOutlined from '@mui/icons-material/AltRouteOutlined'
import BoltOutlined from '@mui/icons-material/BoltOutlined'
import CalculateOutlined from '@mui/icons-material/CalculateOutlined'
import FactCheckOutlined from '@mui/icons-material/FactCheckOutlined'
import GavelOutlined from '@mui/icons-material/GavelOutlined'
import HelpOutlineOutlined from '@mui/icons-material/HelpOutlineOutlined'
import HourglassEmptyOutlined from '@mui/icons-material/HourglassEmptyOutlined'
import ManageSearchOutlined from '@mui/icons-material/ManageSearchOutlined'
import PanToolOutlined from '@mui/icons-material/PanToolOutlined'
import TravelExploreOutlined from '@mui/icons-material/TravelExploreOutlined'
import ViewStreamOutlined from '@mui/icons-material/ViewStreamOutlined'
import type { Tone } from '../../ui/status/status-chip.tsx'

const kinds: Record<string, { word: string; tone: Tone; Icon: SvgIconComponent }> = {
  plan: { word: 'Plans', tone: 'info', Icon: TravelExploreOutlined },
  retrieve: { word: 'Looks things up', tone: 'info', Icon: ManageSearchOutlined },
  decide: { word: 'Decides', tone: 'info', Icon: GavelOutlined },
  act: { word: 'Acts', tone: 'success', Icon: BoltOutlined },
  reflect: { word: 'Checks', tone: 'info', Icon: FactCheckOutlined },
  review: { word: 'Person decides', tone: 'warning', Icon: PanToolOutlined },
  branch: { word: 'Chooses', tone: 'neutral', Icon: AltRouteOutlined },
  map: { word: 'For each item', tone: 'neutral', Icon: ViewStreamOutlined },
  subworkflow: { word: 'Runs a workflow', tone: 'info', Icon: AccountTreeOutlined },
  wait: { word: 'Waits', tone: 'neutral', Icon: HourglassEmptyOutlined },
  transform: { word: 'Computes', tone: 'neutral', Icon: CalculateOutlined },
}

export const kindLooks = (kind: string) => kinds[kind] ?? { word: kind, tone: 'error' as const, Icon: HelpOutlineOutlined }
