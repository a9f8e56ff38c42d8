import CloseOutlined from '@mui/icons-material/CloseOutlined'
import NotificationsOutlined from '@mui/icons-material/NotificationsOutlined'
import Alert from '@mui/material/Alert'
import Badge from '@mui/material/Badge'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import Snackbar from '@mui/material/Snackbar'
import Tooltip from '@mui/material/Tooltip'
import { Link } from 'react-router'
import { useOpenAlerts } from './open-alerts.ts'

const ADDRESS = '/settings/alerts'
const SHOWN_MS = 12_000

/** The way to the alerts, with how many nobody has seen to; a new one is told wherever its reader is. */
export function AlertBell() {
  const { count, raised, dismiss } = useOpenAlerts()
  if (count === undefined) return null
  const label = count === 0 ? 'No open alerts' : `${count} open ${count === 1 ? 'alert' : 'alerts'}`
  return (
    <>
      <Tooltip title={label}>
        <IconButton component={Link} to={ADDRESS} aria-label={label} color="inherit">
          <Badge badgeContent={count} max={99} color="error">
            <NotificationsOutlined />
          </Badge>
        </IconButton>
      </Tooltip>
      <Snackbar
        open={raised !== null}
        autoHideDuration={SHOWN_MS}
        onClose={(_event, reason) => reason !== 'clickaway' && dismiss()}
        anchorOrigin={{ vertical: 'top', horizontal: 'right' }}
        sx={{ mt: 6 }}
      >
        <Alert
          severity="warning"
          variant="outlined"
          elevation={6}
          sx={{ bgcolor: 'background.paper', alignItems: 'center', '& .MuiAlert-action': { pt: 0, alignItems: 'center' } }}
          action={
            <>
              <Button component={Link} to={ADDRESS} color="inherit" size="small" onClick={dismiss}>
                Look
              </Button>
              <IconButton aria-label="Close" color="inherit" size="small" onClick={dismiss}>
                <CloseOutlined fontSize="small" />
              </IconButton>
            </>
          }
        >
          {raised?.title}
        </Alert>
      </Snackbar>
    </>
  )
}
