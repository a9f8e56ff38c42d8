import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` sends what is not the dashboard's own: a running gateway. */
const gateway = process.env['SIGNALBOX_GATEWAY'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The gateway's content security policy allows no data: scripts or fonts, so nothing is inlined.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: {
    host: '127.0.0.1',
    port: 4790,
    proxy: {
      '/graphql': { target: gateway, ws: true, headers: { origin: gateway } },
      '/artifacts': { target: gateway },
    },
  },
})
