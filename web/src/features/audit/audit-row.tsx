import BlockOutlined from '@mui/icons-material/BlockOutlined'
import CheckCircleOutlined from '@mui/icons-material/CheckCircleOutlined'
import ErrorOutlined from '@mui/icons-material/ErrorOutlined'
import ExpandMoreOutlined from '@mui/icons-material/ExpandMoreOutlined'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Collapse from '@mui/material/Collapse'
import { useId, useState } from 'react'
import type { AuditOutcome } from '../../gql/graphql.ts'
import { Age } from '../../ui/format/age.tsx'
import { StatusChip, type StatusChipProps } from '../../ui/status/status-chip.tsx'
import type { AuditEntry } from './audit-csv.ts'
import { Particulars } from './audit-particulars.tsx'
import { sentenceOf } from './audit-sentence.ts'

const looks: Record<AuditOutcome, Omit<StatusChipProps, 'size'>> = {
  ALLOWED: { word: 'Done', tone: 'success', Icon: CheckCircleOutlined },
  DENIED: { word: 'Refused', tone: 'warning', Icon: BlockOutlined },
  FAILED: { word: 'Failed', tone: 'error', Icon: ErrorOutlined },
}

export interface AuditRowProps {
  entry: AuditEntry
  /** For an agency: whose entry it is. */
  showOrganization: boolean
}

/** One entry as a sentence; all that is known of it opens below. */
export function AuditRow({ entry, showOrganization }: AuditRowProps) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <Box component="li" sx={{ borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
      <ButtonBase
        onClick={() => setOpen(!isOpen)}
        aria-expanded={isOpen}
        aria-controls={id}
        sx={{
          width: '100%',
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 1fr) auto auto',
          alignItems: 'center',
          columnGap: 1.5,
          textAlign: 'left',
          px: { xs: 0.5, sm: 1 },
          py: 1.25,
          borderRadius: 2,
          '&:hover': { bgcolor: 'action.hover' },
        }}
      >
        <Box sx={{ minWidth: 0 }}>
          <Box sx={{ fontWeight: 550, overflowWrap: 'anywhere' }}>{sentenceOf(entry)}</Box>
          <Box sx={{ color: 'text.secondary', fontSize: '0.85rem' }}>
            <Age at={entry.at} />
            {showOrganization && entry.organization && ` · ${entry.organization.name}`}
          </Box>
        </Box>
        <StatusChip {...looks[entry.outcome]} />
        <ExpandMoreOutlined
          aria-hidden
          sx={{ color: 'text.secondary', transform: isOpen ? 'rotate(180deg)' : 'none', transition: 'transform 120ms' }}
        />
      </ButtonBase>
      <Collapse in={isOpen} id={id} mountOnEnter unmountOnExit>
        <Particulars entry={entry} />
      </Collapse>
    </Box>
  )
}
