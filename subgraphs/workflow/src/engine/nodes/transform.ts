import { valuesIn, type Step } from './node.ts'

/** Works values out of what there is. */
export const transform: Step<'transform'> = async (context) => ({
  result: valuesIn(context, context.node.set),
  summary: `Worked out ${Object.keys(context.node.set).join(', ')}.`,
})
