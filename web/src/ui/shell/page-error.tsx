import SignpostOutlined from '@mui/icons-material/SignpostOutlined'
import Button from '@mui/material/Button'
import { Link, useRouteError } from 'react-router'
import { EmptyState } from '../states/empty-state.tsx'

/** Shown for an address that leads nowhere and for a page that broke, or that a new release has replaced. */
export function PageError() {
  const error = useRouteError()
  if (error === undefined) {
    return (
      <EmptyState
        icon={<SignpostOutlined />}
        title="No line leads here"
        action={
          <Button component={Link} to="/" variant="contained">
            To the start
          </Button>
        }
      >
        This address does not exist, or no longer.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<SignpostOutlined />}
      title="This page could not be shown"
      action={
        <Button variant="contained" onClick={() => location.reload()}>
          Load it again
        </Button>
      }
    >
      It may have been replaced by a newer version in the meantime.
    </EmptyState>
  )
}
