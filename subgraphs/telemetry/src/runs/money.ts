import { Field, ObjectType } from 'type-graphql'

@ObjectType({ description: 'An exact amount of money.' })
export class Money {
  @Field(() => String, { description: 'A decimal string.' }) amount!: string
  @Field(() => String, { description: 'ISO 4217.' }) currency!: string
}

/** Everything is kept in US dollars: models are billed in them, and a rate of the day would make two figures of one run differ. */
export const CURRENCY = 'USD'

/** @param amount a decimal of any precision; shown with up to eight places, without trailing zeros beyond cents */
export function usd(amount: string | number): Money {
  const fixed = Number(amount).toFixed(8)
  return { amount: fixed.replace(/(\.\d\d\d*?)0+$/, '$1'), currency: CURRENCY }
}
