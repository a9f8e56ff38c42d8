import ApartmentOutlined from '@mui/icons-material/ApartmentOutlined'
import UnfoldMoreOutlined from '@mui/icons-material/UnfoldMoreOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import ListItemText from '@mui/material/ListItemText'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Snackbar from '@mui/material/Snackbar'
import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { describeError } from '../errors.ts'
import { useViewer } from '../session/viewer.ts'
import { useSwitchOrganization } from './use-switch-organization.ts'

const OrganizationsDocument = graphql(`
  query Organizations {
    organizations {
      id
      name
      kind
    }
  }
`)

const kinds = { AGENCY: 'Agency', CLIENT: 'Client' } as const

/** Shows where the viewer acts and lets agency people go on in one of their clients. */
export function OrganizationSwitcher() {
  const { organization } = useViewer()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [{ data }] = useQuery({ query: OrganizationsDocument })
  const { switchTo, error, fetching } = useSwitchOrganization()
  const [dismissed, setDismissed] = useState(false)
  const others = (data?.organizations ?? []).length > 1

  const choose = async (organizationId: string) => {
    setAnchor(null)
    setDismissed(false)
    if (organizationId !== organization.id) await switchTo(organizationId)
  }

  return (
    <>
      <ButtonBase
        disabled={!others || fetching}
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup={others ? 'menu' : undefined}
        aria-label={`Organisation: ${organization.name}${others ? ', switch' : ''}`}
        sx={{
          gap: 1,
          px: 1,
          py: 0.75,
          borderRadius: 2,
          minWidth: 0,
          textAlign: 'left',
          minHeight: 44,
          width: '100%',
          justifyContent: 'flex-start',
        }}
      >
        <ApartmentOutlined fontSize="small" sx={{ opacity: 0.8 }} />
        <Box sx={{ minWidth: 0, flex: 1 }}>
          <Box sx={{ fontWeight: 650, fontSize: '0.9rem', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {organization.name}
          </Box>
          <Box sx={{ fontSize: '0.75rem', opacity: 0.75 }}>{kinds[organization.kind]}</Box>
        </Box>
        {others && <UnfoldMoreOutlined fontSize="small" sx={{ opacity: 0.8 }} />}
      </ButtonBase>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {data?.organizations.map(({ id, name, kind }) => (
          <MenuItem key={id} selected={id === organization.id} onClick={() => void choose(id)} sx={{ minWidth: 220 }}>
            <ListItemText primary={name} secondary={kinds[kind]} />
          </MenuItem>
        ))}
      </Menu>
      <Snackbar open={error !== undefined && !dismissed} autoHideDuration={8_000} onClose={() => setDismissed(true)}>
        <Alert severity="error">{describeError(error).detail}</Alert>
      </Snackbar>
    </>
  )
}
