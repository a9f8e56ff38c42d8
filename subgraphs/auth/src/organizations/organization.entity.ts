import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Directive, Field, ID, ObjectType } from 'type-graphql'
import { OrganizationKind } from './roles.ts'

@ObjectType({ description: 'An agency, or a client of one agency.' })
@Directive('@key(fields: "id")')
@Entity({ tableName: 'organizations' })
export class Organization {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => String)
  @Property({ type: 'string' })
  name!: string

  @Field(() => OrganizationKind)
  @Enum({ items: () => OrganizationKind })
  kind!: OrganizationKind

  @Property({ type: 'uuid', nullable: true })
  agencyId!: string | null

  @Field(() => String, { description: 'IANA name; the day of a report starts by it.' })
  @Property({ type: 'string' })
  timeZone!: string
}
