import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { SearchField } from '../../ui/search-field.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { AuditOrganizationsDocument } from './audit.documents.ts'
import { kinds, outcomes, spans, withChoice, type Choice } from './audit-filter.ts'

/** What of the trail is shown, as it stands in the address. */
export function AuditFilters() {
  const [search, setSearch] = useSearchParams()
  const isAgency = useViewer().organization.kind === 'AGENCY'
  const choose = (key: string) => (value: string) => setSearch(withChoice(search, key, value), { replace: true })
  const valueOf = (key: string) => search.get(key) ?? ''
  return (
    <Box role="search" aria-label="Filter entries" sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
      <ToggleButtonGroup
        exclusive
        size="small"
        aria-label="Outcome"
        value={valueOf('outcome')}
        onChange={(_event, next: string | null) => next !== null && choose('outcome')(next)}
      >
        {outcomes.map(({ value, label }) => (
          <ToggleButton
            key={value}
            value={value}
            sx={{ textTransform: 'none', px: { xs: 1.25, sm: 1.5 }, minHeight: 40, bgcolor: 'background.paper' }}
          >
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Select label="About" value={valueOf('kind')} choices={kinds} onChoose={choose('kind')} />
      <Select label="When" value={valueOf('span')} choices={spans} onChoose={choose('span')} />
      {isAgency && <OrganizationSelect value={valueOf('organization')} onChoose={choose('organization')} />}
      <SearchField value={valueOf('q')} placeholder="Request, operation or id" width={260} onSearch={choose('q')} />
      {valueOf('actor') && <Chip label="Of one account only" onDelete={() => choose('actor')('')} />}
    </Box>
  )
}

interface SelectProps {
  label: string
  value: string
  choices: Choice[]
  onChoose(value: string): void
}

function Select({ label, value, choices, onChoose }: SelectProps) {
  return (
    <TextField
      select
      label={label}
      value={choices.some((choice) => choice.value === value) ? value : ''}
      onChange={(event) => onChoose(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ flex: { xs: '1 1 140px', sm: '0 0 190px' } }}
    >
      {choices.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  )
}

function OrganizationSelect({ value, onChoose }: Pick<SelectProps, 'value' | 'onChoose'>) {
  const [{ data }] = useQuery({ query: AuditOrganizationsDocument })
  const own = data?.viewer?.readableOrganizations.map(({ id, name }) => ({ value: id, label: name })) ?? []
  return <Select label="Organisation" value={value} choices={[{ value: '', label: 'All of them' }, ...own]} onChoose={onChoose} />
}
