import LogoutOutlined from '@mui/icons-material/LogoutOutlined'
import Avatar from '@mui/material/Avatar'
import Divider from '@mui/material/Divider'
import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { graphql } from '../../gql/gql.ts'
import { nameOf } from '../actor-name.ts'
import { useLeaving, useRenewSession } from '../session/session-provider.tsx'
import { useViewer } from '../session/viewer.ts'
import { roleWords } from '../words.ts'

const SignOutDocument = graphql(`
  mutation SignOut($input: SignOutInput!) {
    signOut(input: $input) {
      everywhere
    }
  }
`)

/** Ends this session, or all of them, and leaves for the sign-in page, which goes on to `next`. */
export function useSignOut() {
  const [, signOut] = useMutation(SignOutDocument)
  const renew = useRenewSession()
  const navigate = useNavigate()
  const setLeaving = useLeaving()
  return async (everywhere: boolean, next = '/') => {
    setLeaving(true)
    const { error } = await signOut({ input: { everywhere } })
    if (error) {
      setLeaving(false)
      return error
    }
    await navigate(next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`)
    renew()
    return undefined
  }
}

export function AccountMenu() {
  const { actor, role } = useViewer()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const leave = useSignOut()
  const name = nameOf(actor)
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
  return (
    <>
      <IconButton aria-label={`Account of ${name}`} aria-haspopup="menu" onClick={(event) => setAnchor(event.currentTarget)}>
        <Avatar sx={{ width: 34, height: 34, fontSize: '0.85rem', fontWeight: 650, bgcolor: '#f3b73e', color: '#2a1c00' }}>
          {initials}
        </Avatar>
      </IconButton>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        <MenuItem disabled sx={{ '&.Mui-disabled': { opacity: 1 } }}>
          <ListItemText primary={name} secondary={roleWords(role)} />
        </MenuItem>
        <Divider />
        <MenuItem onClick={() => void leave(false)}>
          <ListItemIcon>
            <LogoutOutlined fontSize="small" />
          </ListItemIcon>
          Sign out
        </MenuItem>
      </Menu>
    </>
  )
}
