import { runOneShot } from './one-shot.ts'
import { databaseUrl } from './services.ts'

/** `npm run keys:rotate [-- --help]`; elsewhere than here it is told DATABASE_URL, and AUTH_SECRET or its _FILE. */
runOneShot('subgraphs/auth/dist/rotate-keys.main.js', 'DATABASE_URL', (settings) => ({
  DATABASE_URL: databaseUrl(settings, 'auth_app'),
  AUTH_SECRET: settings.secrets['auth-secret'],
}))
