import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormHelperText from '@mui/material/FormHelperText'
import FormLabel from '@mui/material/FormLabel'
import { useViewer } from '../../ui/session/viewer.ts'
import { inOrder, scopeWords } from '../../ui/scope-words.ts'

export interface ScopeChoiceProps {
  value: string[]
  onChange(scopes: string[]): void
  fault: string | undefined
}

/** The viewer's own scopes, to be given in part: nobody gives more than they have. */
export function ScopeChoice({ value, onChange, fault }: ScopeChoiceProps) {
  const { scopes } = useViewer()
  const toggle = (scope: string) => onChange(value.includes(scope) ? value.filter((one) => one !== scope) : [...value, scope])
  return (
    <FormControl component="fieldset" error={fault !== undefined || value.length === 0}>
      <FormLabel component="legend">What may it do?</FormLabel>
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, columnGap: 2 }}>
        {inOrder(scopes).map((scope) => (
          <FormControlLabel
            key={scope}
            control={<Checkbox size="small" checked={value.includes(scope)} onChange={() => toggle(scope)} />}
            label={scopeWords(scope)}
            slotProps={{ typography: { variant: 'body2' } }}
          />
        ))}
      </Box>
      <FormHelperText>
        {fault ?? (value.length === 0 ? 'Choose at least one.' : 'As little as it needs. You can give what you may do yourself.')}
      </FormHelperText>
    </FormControl>
  )
}
