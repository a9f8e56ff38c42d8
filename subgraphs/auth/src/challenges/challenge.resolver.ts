import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ViewerType } from '../users/viewer.type.ts'
import { OtpChannel, RequestOtpInput, RequestOtpPayload, VerifyOtpInput, VerifyOtpPayload } from './challenge.types.ts'

@Resolver()
export class ChallengeResolver {
  @Query(() => [OtpChannel], { description: 'The ways in which one-time codes can be sent here.' })
  signInChannels(@Ctx() { challenges }: AuthContext): OtpChannel[] {
    return challenges.channels
  }

  @Mutation(() => RequestOtpPayload, {
    description: 'Sends a one-time code, which works in the browser that asked. Answers alike for known and unknown addresses.',
  })
  async requestOtp(
    @Arg('input', () => RequestOtpInput) input: RequestOtpInput,
    @Ctx() { challenges, browser }: AuthContext,
  ): Promise<RequestOtpPayload> {
    const challenge = await challenges.request(input, browser.binding)
    browser.keep()
    return challenge
  }

  @Mutation(() => VerifyOtpPayload, { description: 'Signs in with a one-time code.' })
  async verifyOtp(
    @Arg('input', () => VerifyOtpInput) input: VerifyOtpInput,
    @Ctx() context: AuthContext,
  ): Promise<VerifyOtpPayload> {
    const email = await context.challenges.answer(input, context.browser.binding)
    return { viewer: ViewerType.of(context.signIn(await context.sessions.open(email))) }
  }
}
