import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { paceWords, weekdays, type Pace, type PaceKind } from './pace.ts'

const days = [...Array.from({ length: 28 }, (_, index) => String(index + 1)), 'L']

export interface PaceFieldsProps {
  pace: Pace
  onChange(pace: Pace): void
  fault: string | undefined
}

/** How often a schedule comes, without knowing cron unless one wants to. */
export function PaceFields({ pace, onChange, fault }: PaceFieldsProps) {
  const set = (changes: Partial<Pace>) => onChange({ ...pace, ...changes })
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}>
      <TextField select label="How often" value={pace.kind} onChange={(event) => set({ kind: event.target.value as PaceKind })}>
        {Object.entries(paceWords).map(([kind, words]) => (
          <MenuItem key={kind} value={kind}>
            {words}
          </MenuItem>
        ))}
      </TextField>
      {pace.kind === 'week' && (
        <TextField select label="On" value={pace.weekday} onChange={(event) => set({ weekday: event.target.value })}>
          {[1, 2, 3, 4, 5, 6, 0].map((day) => (
            <MenuItem key={day} value={String(day)}>
              {weekdays[day]}
            </MenuItem>
          ))}
        </TextField>
      )}
      {pace.kind === 'month' && (
        <TextField select label="On day" value={pace.day} onChange={(event) => set({ day: event.target.value })}>
          {days.map((day) => (
            <MenuItem key={day} value={day}>
              {day === 'L' ? 'The last day' : day}
            </MenuItem>
          ))}
        </TextField>
      )}
      {pace.kind === 'hour' && (
        <TextField
          select
          label="At minute"
          value={String(Number(pace.time.slice(3)))}
          onChange={(event) => set({ time: `00:${event.target.value.padStart(2, '0')}` })}
        >
          {Array.from({ length: 60 }, (_, minute) => (
            <MenuItem key={minute} value={String(minute)}>
              {String(minute).padStart(2, '0')}
            </MenuItem>
          ))}
        </TextField>
      )}
      {!['hour', 'other'].includes(pace.kind) && (
        <TextField
          label="At"
          type="time"
          value={pace.time}
          onChange={(event) => event.target.value !== '' && set({ time: event.target.value })}
        />
      )}
      {pace.kind === 'other' && (
        <TextField
          label="Cron"
          value={pace.cron}
          onChange={(event) => set({ cron: event.target.value })}
          error={fault !== undefined}
          helperText={fault ?? 'Minute, hour, day of the month, month, weekday. 0 8 * * MON is every Monday at 08:00.'}
          slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: 'ui-monospace, Menlo, Consolas, monospace' } } }}
        />
      )}
    </Box>
  )
}
