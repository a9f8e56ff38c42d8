import { BadUserInputError } from '@signalbox/shared/errors'
import {
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'

/** Mutations that start, move or prove a session. */
export const SIGN_IN_MUTATIONS: ReadonlySet<string> = new Set([
  'requestOtp',
  'verifyOtp',
  'refreshSession',
  'switchOrganization',
  'acceptInvitation',
  'signOut',
  'requestPhoneCode',
  'confirmPhone',
])

/**
 * A validation rule: an operation holds one of these mutations at most, so that aliases and fragments give no extra tries. What is skipped by
 * a directive counts as well.
 */
export function oneSignInMutation(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      const names = [...signInFields(context, node)]
      if (names.length > 1) context.reportError(tooMany(names))
    },
  }
}

function* signInFields(
  context: ValidationContext,
  { selectionSet }: OperationDefinitionNode | FragmentDefinitionNode | { selectionSet: SelectionSetNode },
  inside: readonly string[] = [],
): Generator<string> {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      if (SIGN_IN_MUTATIONS.has(selection.name.value)) yield selection.name.value
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      yield* signInFields(context, selection, inside)
    } else {
      const name = selection.name.value
      const fragment = context.getFragment(name)
      if (fragment && !inside.includes(name)) yield* signInFields(context, fragment, [...inside, name])
    }
  }
}

const tooMany = (names: string[]) =>
  new BadUserInputError(`An operation may sign in, out or on once: send ${[...new Set(names)].join(' and ')} one by one.`, [
    { path: names.at(-1)!, message: 'one such mutation in an operation' },
  ])
