import type { Dice } from '../dice.ts'
import { changeCompanions } from './mutateCompanions.ts'
import { changeDocument } from './mutateDocuments.ts'
import { cutFile, flipBits, spoilPage } from './mutateFile.ts'
import { replaceBlob } from './mutateBlobs.ts'
import { changeValue, deleteRow, doubleRow } from './mutateRows.ts'
import { changeSchema } from './mutateSchema.ts'

/** Changes the archive at a path and says how. */
export type Mutation = (path: string, dice: Dice, bomb: Buffer) => string

/** The ten kinds; case n is of kind n modulo ten. */
export const mutations: readonly { kind: string; mutate: Mutation }[] = [
  { kind: 'bits flipped', mutate: flipBits },
  { kind: 'page spoiled', mutate: spoilPage },
  { kind: 'file cut', mutate: cutFile },
  { kind: 'value changed', mutate: changeValue },
  { kind: 'row deleted', mutate: deleteRow },
  { kind: 'row doubled', mutate: doubleRow },
  { kind: 'schema changed', mutate: changeSchema },
  { kind: 'document changed', mutate: changeDocument },
  { kind: 'blob replaced', mutate: replaceBlob },
  { kind: 'header, companions', mutate: changeCompanions },
]

export function mutationOf(number: number): { kind: string; mutate: Mutation } {
  return mutations[number % mutations.length]!
}
