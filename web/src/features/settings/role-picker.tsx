import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useQuery } from 'urql'
import type { OrganizationKind, Role } from '../../gql/graphql.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { RolesDocument } from './settings.documents.ts'

export interface RolePickerProps {
  kind: OrganizationKind
  value: Role | null
  onChange(role: Role): void
}

/** The roles that the viewer may give in this kind of organisation, each with what it is for. */
export function RolePicker({ kind, value, onChange }: RolePickerProps) {
  const { scopes } = useViewer()
  const [{ data, error }, reload] = useQuery({ query: RolesDocument })
  if (error) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  if (!data) return <Skeleton variant="rounded" height={150} />
  const offered = data.roles.filter((role) => role.kind === kind && role.scopes.every((scope) => scopes.includes(scope)))
  return (
    <FormControl>
      <FormLabel id="role-picker">Role</FormLabel>
      <RadioGroup
        aria-labelledby="role-picker"
        value={value}
        onChange={(event) => onChange(event.target.value as Role)}
        sx={{ gap: 1, mt: 0.5 }}
      >
        {offered.map(({ role, name, sentence }) => (
          <FormControlLabel
            key={role}
            value={role}
            control={<Radio />}
            sx={{ alignItems: 'flex-start', '& .MuiRadio-root': { pt: 0.25 } }}
            label={
              <>
                <Typography component="span" sx={{ fontWeight: 600, display: 'block' }}>
                  {name}
                </Typography>
                <Typography component="span" variant="body2" sx={{ color: 'text.secondary' }}>
                  {sentence}
                </Typography>
              </>
            }
          />
        ))}
      </RadioGroup>
    </FormControl>
  )
}
