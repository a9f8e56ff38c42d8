import Autocomplete from '@mui/material/Autocomplete'
import TextField from '@mui/material/TextField'

export interface TimeZoneFieldProps {
  value: string
  onChange(timeZone: string): void
  fault: string | undefined
  /** What it is for, in a sentence. */
  help?: string
}

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

export function TimeZoneField({ value, onChange, fault, help = 'Days in reports begin at midnight there.' }: TimeZoneFieldProps) {
  return (
    <Autocomplete
      options={zones.includes(value) ? zones : [value, ...zones]}
      value={value}
      disableClearable
      onChange={(_event, zone) => onChange(zone)}
      renderInput={(params) => <TextField {...params} label="Time zone" error={fault !== undefined} helperText={fault ?? help} />}
    />
  )
}
