import '@fontsource-variable/inter'
import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
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

// The gateway's content security policy lets in styles that carry the nonce which it wrote into this page.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
const styles = createCache({ key: 'css', ...(nonce && { nonce }) })

applyInitialMode()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <CacheProvider value={styles}>
      <ThemeProvider theme={theme} defaultMode="system" noSsr>
        <CssBaseline />
        <SessionProvider createClient={createGatewayClient}>
          <RouterProvider router={router} />
        </SessionProvider>
      </ThemeProvider>
    </CacheProvider>
  </StrictMode>,
)
