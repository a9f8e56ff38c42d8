import DescriptionOutlined from '@mui/icons-material/DescriptionOutlined'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Link from '@mui/material/Link'
import { Panel } from '../../ui/states/panel.tsx'
import type { RunView } from './run-head.tsx'

const bytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })

/** Files that the run made; they come through the gateway, which checks the right to them. */
export function Artifacts({ artifacts }: { artifacts: RunView['artifacts']['nodes'] }) {
  if (artifacts.length === 0) return null
  return (
    <Panel title="Artifacts">
      <List disablePadding>
        {artifacts.map((artifact) => (
          <ListItem key={artifact.id} disableGutters>
            <ListItemIcon sx={{ minWidth: 40 }}>
              <DescriptionOutlined />
            </ListItemIcon>
            <ListItemText
              primary={
                artifact.url ? (
                  <Link href={artifact.url} target="_blank" rel="noopener">
                    {artifact.name}
                  </Link>
                ) : (
                  artifact.name
                )
              }
              secondary={`${artifact.mediaType} · ${bytes.format(artifact.bytes / 1_000)}`}
            />
          </ListItem>
        ))}
      </List>
    </Panel>
  )
}
