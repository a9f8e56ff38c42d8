import type { MikroORM } from '@mikro-orm/postgresql'
import { createLogger, type Logger } from '@signalbox/shared/logger'
import { identityOf } from '@signalbox/shared/service-identity'
import { createServer } from '@signalbox/shared/server'
import { createTokenVerifier } from '@signalbox/shared/viewer'
import { CodeOutbox } from './challenges/code-outbox.ts'
import { MailCarrier } from './challenges/mail-carrier.ts'
import { oneSignInMutation } from './challenges/one-sign-in-mutation.ts'
import { OneTimeCodes } from './challenges/one-time-codes.ts'
import { SmsCarrier } from './challenges/sms-carrier.ts'
import { ChallengeService, type CodeOrigin } from './challenges/challenge.service.ts'
import { createContext, type AuthContext } from './context.ts'
import type { AuthEnv } from './env.ts'
import { scheduleRotation } from './keys/key-schedule.ts'
import { Secrets } from './keys/secrets.ts'
import { SigningKeys, SigningKeyUnreadableError } from './keys/signing-keys.ts'
import { Mailer } from './mail/mailer.ts'
import { NotificationOutbox } from './mail/notification-outbox.ts'
import { Notices } from './mail/notices.ts'
import { pendingAuthMigrations } from './migrations.ts'
import { registerOidc } from './oidc/routes.ts'
import { createAuthOrm } from './orm.ts'
import { RevocationHub } from './revocations/revocation-hub.ts'
import { registerRevocations } from './revocations/revocation-stream.ts'
import { buildAuthSubgraph } from './schema.ts'
import { createTwilio } from './sms/twilio.ts'
import { AccessTokens } from './sessions/access-tokens.ts'
import { sessionLimits } from './sessions/session-limits.ts'

/** Builds and starts the auth service. A database or mail server that is down is said in `/ready` and used as soon as it is back. */
export async function startApp(env: AuthEnv): Promise<AsyncDisposable & { address: string }> {
  const log = createLogger('auth', env.LOG_LEVEL)
  const identity = identityOf('auth', env)
  const schemaIsCurrent = schemaCheck(env.DATABASE_URL)
  await schemaIsCurrent().catch((error: unknown) => continueUnlessPending(error, log))
  const orm = await createAuthOrm(env.DATABASE_URL, env.DATABASE_POOL_SIZE)
  const secrets = new Secrets(env.AUTH_SECRET)
  const keys = new SigningKeys(orm, secrets)
  await keys.active().catch((error: unknown) => continueUnlessUnreadable(error, orm))
  const mailer = new Mailer({ url: env.SMTP_URL, from: env.MAIL_FROM, log })
  const [notices, notifications] = [new Notices(mailer, log), new NotificationOutbox(orm, mailer, log)]
  const accessTokens = new AccessTokens(keys, env.ISSUER, env.AUDIENCE)
  const revocations = new RevocationHub(env.DATABASE_URL, log)
  const { codes, outbox, twilio } = createCodes(env, { orm, secrets, mailer, log })
  const { PUBLIC_URL: publicUrl } = env
  const parts = { orm, secrets, mailer, notices, codes, accessTokens, sessionLimits: sessionLimits(env), publicUrl }

  const { ISSUER: issuer, AUDIENCE: audience } = env
  const verifyToken = createTokenVerifier({ jwksUrl: env.JWKS_URL, issuer, audience, identity, revocations })
  const challenges = (origin: CodeOrigin) => new ChallengeService(orm.em.fork(), codes, origin)

  const app = await createServer<AuthContext>({
    subgraph: await buildAuthSubgraph(),
    log,
    identity,
    // Every service reads the keys and hears of revocations.
    sharedPaths: ['/oidc/jwks', '/revocations'],
    revocations,
    verifyToken,
    createContext: (request) => createContext(parts, request),
    checks: {
      database: async () => {
        await schemaIsCurrent()
        await orm.em.fork().execute('select 1')
        await keys.active()
      },
      mail: () => mailer.verify(),
    },
    bodyLimit: 256 * 1024,
    validationRules: [oneSignInMutation],
    routes: (server) => {
      registerRevocations(server, revocations)
      return registerOidc(server, { ...parts, challenges, verifyToken, issuer, audience, log }, keys)
    },
  })
  const address = await app.listen({ host: env.HOST, port: env.PORT })
  for (const sender of [outbox, notifications]) sender.start()
  const rotation = scheduleRotation(keys, orm, env.SIGNING_KEY_DAYS, log)
  return {
    address,
    async [Symbol.asyncDispose]() {
      await rotation[Symbol.asyncDispose]()
      await revocations[Symbol.asyncDispose]()
      await app.close()
      await outbox[Symbol.asyncDispose]()
      await notifications[Symbol.asyncDispose]()
      await notices[Symbol.asyncDispose]()
      await twilio?.[Symbol.asyncDispose]()
      await mailer[Symbol.asyncDispose]()
      await orm.close()
    },
  }
}

/** One-time codes and the ways that they are sent in. @throws {EnvError} when SMS is set up by halves */
function createCodes(
  env: AuthEnv,
  { orm, secrets, mailer, log }: { orm: MikroORM; secrets: Secrets; mailer: Mailer; log: Logger },
) {
  const twilio = createTwilio(env, log)
  const carriers = {
    EMAIL: new MailCarrier(mailer, env.PUBLIC_URL),
    SMS: twilio && new SmsCarrier(twilio, env.PUBLIC_URL),
  }
  const outbox = new CodeOutbox({ orm, secrets, carriers, log })
  const limits = {
    sendsPerHour: env.CODE_SENDS_PER_HOUR,
    sendsPerClient: env.CODE_SENDS_PER_CLIENT,
    lockAfter: env.CODE_LOCK_AFTER,
  }
  return { codes: new OneTimeCodes({ secrets, carriers, outbox, limits }), outbox, twilio }
}

class PendingMigrationsError extends Error {
  override name = 'PendingMigrationsError'
}

/** Asks until the answer was once that nothing is pending. */
function schemaCheck(url: string): () => Promise<void> {
  let current = false
  return async () => {
    if (current) return
    const pending = await pendingAuthMigrations(url)
    if (pending.length > 0) throw new PendingMigrationsError(`the auth schema lacks migrations: ${pending.join(', ')}`)
    current = true
  }
}

/** A database that is down is no reason not to start; a lost secret is. */
async function continueUnlessUnreadable(error: unknown, orm: MikroORM) {
  if (!(error instanceof SigningKeyUnreadableError)) return
  await orm.close()
  throw error
}

function continueUnlessPending(error: unknown, log: Logger) {
  if (error instanceof PendingMigrationsError) throw error
  log.warn({ err: error }, 'the database cannot be reached; starting without it')
}
