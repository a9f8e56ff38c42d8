import DescriptionOutlined from '@mui/icons-material/DescriptionOutlined'
import Button from '@mui/material/Button'
import Collapse from '@mui/material/Collapse'
import Link from '@mui/material/Link'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import { useState } from 'react'
import { Panel } from '../../ui/states/panel.tsx'
import { ArtifactPreview } from './artifact-preview.tsx'
import type { RunView } from './run-head.tsx'

type Artifact = RunView['artifacts']['nodes'][number]

const bytes = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 1 })
const isText = (mediaType: string) => /^text\/|json|xml|yaml/.test(mediaType)

/** Files that the run made; they come through the gateway, which checks the right to them. */
export function Artifacts({ artifacts }: { artifacts: Artifact[] }) {
  if (artifacts.length === 0) return null
  return (
    <Panel title="Artifacts">
      <List disablePadding>
        {artifacts.map((artifact) => (
          <ArtifactItem key={artifact.id} artifact={artifact} />
        ))}
      </List>
    </Panel>
  )
}

function ArtifactItem({ artifact }: { artifact: Artifact }) {
  const [open, setOpen] = useState(false)
  const { id, name, url, mediaType } = artifact
  return (
    <>
      <ListItem disableGutters>
        <ListItemIcon sx={{ minWidth: 40 }}>
          <DescriptionOutlined />
        </ListItemIcon>
        <ListItemText
          primary={
            url ? (
              <Link href={url} target="_blank" rel="noopener">
                {name}
              </Link>
            ) : (
              name
            )
          }
          secondary={`${mediaType} · ${bytes.format(artifact.bytes / 1_000)}`}
        />
        {isText(mediaType) && (
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide' : 'Preview'}
          </Button>
        )}
      </ListItem>
      <Collapse in={open} unmountOnExit>
        <ArtifactPreview id={id} isWhole={artifact.bytes <= 16_384} />
      </Collapse>
    </>
  )
}
