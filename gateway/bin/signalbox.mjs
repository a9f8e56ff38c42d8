#!/usr/bin/env node
/** `npm run signalbox`: plain JavaScript, since nothing may be built yet. */
import { existsSync } from 'node:fs'

const client = new URL('../dist/cli/main.js', import.meta.url)
if (!existsSync(client)) {
  console.error('signalbox: the command-line client is not built yet. Run "npm start" once first.')
  process.exit(1)
}
await import(client.href)
