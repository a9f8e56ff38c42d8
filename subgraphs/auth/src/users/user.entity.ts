import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

/** A person. Visible to those who share an organisation with them, and to the clients of their agency. */
@ObjectType({ description: 'A person.' })
@Directive('@key(fields: "id")')
@Entity({ tableName: 'users' })
export class User {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => String)
  @Property({ type: 'string' })
  displayName!: string

  /** Given to clients through the resolver only, which masks it. */
  @Property({ type: 'string' })
  email!: string

  /** E.164, confirmed by a code; given to clients like the address. */
  @Property({ type: 'string', nullable: true })
  phone!: string | null
}

/** `a•••@example.com`: enough to tell two colleagues apart. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return `${email.slice(0, 1)}•••${email.slice(at)}`
}
