import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { User } from './user.entity.ts'

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => String, { nullable: true, description: 'Masked unless the caller administers the person’s organisation.' })
  email(@Root() user: User, @Ctx() { users }: AuthContext): Promise<string> {
    return users.emailOf(user)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The number that this person can sign in with; masked to all others.',
  })
  phone(@Root() user: User, @Ctx() { users }: AuthContext): string | null {
    return users.phoneOf(user)
  }
}
