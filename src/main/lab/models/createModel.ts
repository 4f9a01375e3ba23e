import { modelKind, type ModelKind, type NetworkOf, type NetworkSpec } from '../../../shared/models/models.ts'
import type { Model } from '../network/model.ts'
import { twoLayer } from './twoLayer.ts'

/** The other half of every kind of model. */
const makers: { [Kind in ModelKind]: (spec: NetworkOf<Kind>) => Model } = { twoLayer }

/** The mathematics of the model that a specification names. */
export function createModel(network: NetworkSpec): Model {
  return (makers[modelKind(network)] as (spec: NetworkSpec) => Model)(network)
}
