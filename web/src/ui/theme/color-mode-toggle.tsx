import DarkModeOutlined from '@mui/icons-material/DarkModeOutlined'
import LightModeOutlined from '@mui/icons-material/LightModeOutlined'
import SettingsBrightnessOutlined from '@mui/icons-material/SettingsBrightnessOutlined'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useColorScheme } from '@mui/material/styles'

const modes = [
  { value: 'light', label: 'Light', icon: <LightModeOutlined fontSize="small" /> },
  { value: 'system', label: 'System', icon: <SettingsBrightnessOutlined fontSize="small" /> },
  { value: 'dark', label: 'Dark', icon: <DarkModeOutlined fontSize="small" /> },
] as const

export function ColorModeToggle() {
  const { mode, setMode } = useColorScheme()
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      aria-label="Appearance"
      value={mode ?? 'system'}
      onChange={(_event, next: 'light' | 'system' | 'dark' | null) => next !== null && setMode(next)}
    >
      {modes.map(({ value, label, icon }) => (
        <ToggleButton key={value} value={value} sx={{ gap: 0.75, textTransform: 'none', px: 1.5, minHeight: 40 }}>
          {icon}
          {label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
