import { Directive, Field, ID, ObjectType } from 'type-graphql'

@ObjectType({ description: 'Signalbox itself, where nobody else acts: an expiry, a schedule, a policy.' })
@Directive('@key(fields: "id")')
export class SystemActor {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string
}

const SYSTEM_ACTORS = new Map(
  [
    { id: 'expiry', name: 'Expiry' },
    { id: 'schedule', name: 'Schedule' },
    { id: 'policy', name: 'Policy' },
    { id: 'installation', name: 'Installation' },
    { id: 'webhook', name: 'Webhook' },
    { id: 'run', name: 'Another run' },
  ].map((actor) => [actor.id, Object.assign(new SystemActor(), actor)]),
)

/** One of the fixed set, or null. */
export const findSystemActor = (id: string): SystemActor | null => SYSTEM_ACTORS.get(id) ?? null
