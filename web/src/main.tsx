import '@fontsource-variable/inter'
import CssBaseline from '@mui/material/CssBaseline'
import { ThemeProvider } from '@mui/material/styles'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { router } from './router.tsx'
import { SessionProvider } from './ui/session/session-provider.tsx'
import { applyInitialMode } from './ui/theme/initial-mode.ts'
import { theme } from './ui/theme/theme.ts'
import { createGatewayClient } from './urql.ts'

applyInitialMode()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ThemeProvider theme={theme} defaultMode="system" noSsr>
      <CssBaseline />
      <SessionProvider createClient={createGatewayClient}>
        <RouterProvider router={router} />
      </SessionProvider>
    </ThemeProvider>
  </StrictMode>,
)
