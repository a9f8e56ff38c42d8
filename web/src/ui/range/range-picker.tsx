import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { ranges, useRange } from './range.ts'

export function RangePicker() {
  const { chosen, choose } = useRange()
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      aria-label="Time span"
      value={chosen}
      onChange={(_event, next: string | null) => next && choose(next)}
    >
      {ranges.map(({ value, label }) => (
        <ToggleButton
          key={value}
          value={value}
          sx={{ px: 1.5, minHeight: 40, textTransform: 'none', bgcolor: 'background.paper' }}
        >
          {label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
