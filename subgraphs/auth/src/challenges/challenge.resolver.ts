import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ViewerType } from '../users/viewer.type.ts'
import { RequestOtpInput, RequestOtpPayload, VerifyOtpInput, VerifyOtpPayload } from './challenge.types.ts'

@Resolver()
export class ChallengeResolver {
  @Mutation(() => RequestOtpPayload, { description: 'Sends a one-time code. Answers alike for known and unknown addresses.' })
  requestOtp(@Arg('input', () => RequestOtpInput) input: RequestOtpInput, @Ctx() { challenges }: AuthContext) {
    return challenges.request(input)
  }

  @Mutation(() => VerifyOtpPayload, { description: 'Signs in with a one-time code.' })
  async verifyOtp(
    @Arg('input', () => VerifyOtpInput) input: VerifyOtpInput,
    @Ctx() context: AuthContext,
  ): Promise<VerifyOtpPayload> {
    const email = await context.challenges.answer(input)
    return { viewer: ViewerType.of(context.signIn(await context.sessions.open(email))) }
  }
}
