import DevicesOutlined from '@mui/icons-material/DevicesOutlined'
import Chip from '@mui/material/Chip'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Skeleton from '@mui/material/Skeleton'
import { useQuery } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { Age } from '../../ui/format/age.tsx'
import { ErrorState } from '../../ui/states/error-state.tsx'

const SessionsDocument = graphql(`
  query Sessions {
    viewer {
      sessions {
        id
        current
        createdAt
        lastUsedAt
        userAgent
        address
      }
    }
  }
`)

export function Sessions() {
  const [{ data, error, fetching }, reload] = useQuery({ query: SessionsDocument, requestPolicy: 'cache-and-network' })
  if (!data && fetching) return <Skeleton variant="rounded" height={64} />
  if (!data?.viewer) return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  return (
    <List disablePadding>
      {data.viewer.sessions.map((session) => (
        <ListItem
          key={session.id}
          disableGutters
          secondaryAction={session.current && <Chip size="small" color="primary" variant="outlined" label="This one" />}
        >
          <ListItemIcon sx={{ minWidth: 40 }}>
            <DevicesOutlined />
          </ListItemIcon>
          <ListItemText
            primary={deviceOf(session.userAgent)}
            secondary={
              <>
                signed in <Age at={session.createdAt} />
                {session.address && ` from ${session.address}`}
              </>
            }
          />
        </ListItem>
      ))}
    </List>
  )
}

/** `Chrome on Linux` out of a browser's long description of itself. */
function deviceOf(userAgent: string | null | undefined): string {
  if (!userAgent) return 'Unknown device'
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1]?.replace('Edg', 'Edge') ?? 'Browser'
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1]?.replace('Mac OS X', 'macOS')
  return system ? `${browser} on ${system}` : browser
}
