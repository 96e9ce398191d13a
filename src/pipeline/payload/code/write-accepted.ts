import { writeBranches } from '../../mapping/code/choice'
import { typesOf } from '../payload-schema'
import type { WriteAccepted } from './accepting'
import { writeAcceptedList } from './list'
import { writeAcceptedRecord } from './record'
import { writeAcceptedScalar } from './scalar'

/** Maps and accepts any part. */
export const writeAccepted: WriteAccepted = (node, schema, standing, scope) => {
  const types = typesOf(schema)
  if (node.kind === 'if')
    return writeBranches(node, scope, (branch) => writeAccepted(branch, schema, standing, scope))
  if (types.includes('array')) return writeAcceptedList(node, schema, standing, scope, writeAccepted)
  if (types.includes('object')) return writeAcceptedRecord(node, schema, standing, scope, writeAccepted)
  return writeAcceptedScalar(scope.value(node, 'resolve'), schema, standing, scope)
}
