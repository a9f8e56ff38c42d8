import { join } from 'node:path'
import { runOneShot } from './one-shot.ts'
import { databaseUrl } from './services.ts'

/** `npm run encryption:rotate [-- --add-key]`; elsewhere than here it is told DATABASE_OWNER_URL, and ENCRYPTION_KEYS or its _FILE. */
runOneShot('subgraphs/workflow/dist/encryption-rotate.main.js', 'DATABASE_OWNER_URL', (settings) => ({
  DATABASE_OWNER_URL: databaseUrl(settings, 'workflow_owner'),
  ENCRYPTION_KEYS_FILE: join(settings.dataDirectory, 'secrets/encryption-keys'),
}))
