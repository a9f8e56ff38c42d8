import KeyboardOutlined from '@mui/icons-material/KeyboardOutlined'
import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useNavigate } from 'react-router'
import { PageHeader } from '../../ui/states/page-header.tsx'
import type { Shown } from './shown.ts'

export interface ReviewsHeaderProps {
  shown: Shown
  /** How many there are of those that are shown; undefined until known. */
  total: number | undefined
  onHelp(): void
}

const parts: [shown: Shown, label: string][] = [
  ['open', 'Open'],
  ['mine', 'Mine'],
  ['overdue', 'Overdue'],
  ['decided', 'Decided'],
]

/** The title of the page, and the choice of what it shows. */
export function ReviewsHeader({ shown, total, onHelp }: ReviewsHeaderProps) {
  const navigate = useNavigate()
  return (
    <PageHeader
      title="Reviews"
      lead="What the machine must not decide alone."
      actions={
        <>
          <ToggleButtonGroup
            exclusive
            size="small"
            aria-label="Which reviews"
            value={shown}
            onChange={(_event, next: Shown | null) => {
              if (next !== null) void navigate({ pathname: '/reviews', search: next === 'open' ? '' : `show=${next}` })
            }}
          >
            {parts.map(([part, label]) => (
              <ToggleButton key={part} value={part} sx={{ px: 1.5, minHeight: 40, textTransform: 'none' }}>
                {label}
                {part === shown && part !== 'decided' && total !== undefined && ` (${total})`}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <Button startIcon={<KeyboardOutlined />} onClick={onHelp} sx={{ display: { xs: 'none', md: 'inline-flex' } }}>
            Keys
          </Button>
        </>
      }
    />
  )
}
