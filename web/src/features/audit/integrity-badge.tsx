import GppBadOutlined from '@mui/icons-material/GppBadOutlined'
import VerifiedUserOutlined from '@mui/icons-material/VerifiedUserOutlined'
import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { useQuery } from 'urql'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useViewer } from '../../ui/session/viewer.ts'
import { ErrorState } from '../../ui/states/error-state.tsx'
import { AuditIntegrityDocument } from './audit.documents.ts'

/** Whether the trail is as it was written: its hashes are computed again each time the page is opened. */
export function IntegrityBadge() {
  const { organization } = useViewer()
  const [{ data, error, fetching }, reload] = useQuery({ query: AuditIntegrityDocument, requestPolicy: 'network-only' })
  if (!data) {
    if (fetching) return <Skeleton variant="rounded" height={56} />
    return <ErrorState error={error} onRetry={() => reload({ requestPolicy: 'network-only' })} />
  }
  const { ok, checked, head, fault } = data.auditIntegrity
  if (!ok) {
    return (
      <Alert severity="error" icon={<GppBadOutlined />}>
        <AlertTitle>The trail has been tampered with</AlertTitle>
        {checked.toLocaleString('en')} entries are as they were written; then {fault}. Keep a copy of it as it is, and tell us at
        once.
      </Alert>
    )
  }
  return (
    <Alert severity="success" variant="outlined" icon={<VerifiedUserOutlined />} sx={{ '& .MuiAlert-message': { minWidth: 0 } }}>
      <Box sx={{ fontWeight: 600 }}>
        {checked === 0
          ? 'Nothing has been written yet'
          : `Nobody has changed anything: all ${checked.toLocaleString('en')} entries of ${organization.name} are as they were written`}
      </Box>
      {head && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, color: 'text.secondary', fontSize: '0.85rem', minWidth: 0 }}>
          <Box component="span" sx={{ flexShrink: 0 }}>
            Fingerprint:
          </Box>
          <Box component="code" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
            {head}
          </Box>
          <CopyButton text={head} what="the fingerprint" />
        </Box>
      )}
      {head && (
        <Box sx={{ color: 'text.secondary', fontSize: '0.85rem' }}>
          Keep it, and you can prove later that nothing up to now was changed.
        </Box>
      )}
    </Alert>
  )
}
