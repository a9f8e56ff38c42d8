import { Authenticated } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequestOtpPayload } from '../challenges/challenge.types.ts'
import type { AuthContext } from '../context.ts'
import {
  ConfirmPhoneInput,
  ConfirmPhonePayload,
  RemovePhoneInput,
  RemovePhonePayload,
  RequestPhoneCodeInput,
} from './phone.inputs.ts'

@Resolver()
export class PhoneResolver {
  @Mutation(() => RequestOtpPayload, {
    description: 'Sends a code to a number that the caller wants to sign in with; within 15 minutes after signing in.',
  })
  @Authenticated()
  async requestPhoneCode(
    @Arg('input', () => RequestPhoneCodeInput) { phone }: RequestPhoneCodeInput,
    @Ctx() { phones, browser }: AuthContext,
  ): Promise<RequestOtpPayload> {
    const challenge = await phones.request(phone, browser.binding)
    browser.keep()
    return challenge
  }

  @Mutation(() => ConfirmPhonePayload, {
    description:
      'Makes the number that the code was sent to the caller’s own, and tells their address; within 15 minutes after signing in.',
  })
  @Authenticated()
  async confirmPhone(
    @Arg('input', () => ConfirmPhoneInput) input: ConfirmPhoneInput,
    @Ctx() { phones, browser }: AuthContext,
  ): Promise<ConfirmPhonePayload> {
    return { user: await phones.confirm(input, browser.binding) }
  }

  @Mutation(() => RemovePhonePayload, {
    description:
      'Takes the caller’s number away, and tells their address; does nothing when there is none. Within 15 minutes after signing in.',
  })
  @Authenticated()
  async removePhone(
    @Arg('input', () => RemovePhoneInput, { nullable: true }) input: RemovePhoneInput | null,
    @Ctx() { phones }: AuthContext,
  ): Promise<RemovePhonePayload> {
    return { user: await phones.remove(), clientMutationId: input?.clientMutationId ?? null }
  }
}
