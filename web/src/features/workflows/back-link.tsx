import ArrowBackOutlined from '@mui/icons-material/ArrowBackOutlined'
import Button from '@mui/material/Button'
import { Link } from 'react-router'

export const BackLink = ({ to, children }: { to: string; children: string }) => (
  <Button component={Link} to={to} startIcon={<ArrowBackOutlined />} sx={{ mb: 1, ml: -1 }}>
    {children}
  </Button>
)
