import type { Step } from './step.ts'

/** Signs the person out of the provider's own short session, which goes on for whoever comes next. Grants stay. */
export async function forgetPerson({ provider, interaction }: Step): Promise<void> {
  const cookie = interaction.session?.cookie
  const session = cookie === undefined ? undefined : await provider.Session.find(cookie)
  if (session === undefined) return
  delete session.accountId
  delete session.authorizations
  delete session.loginTs
  await session.persist()
}
