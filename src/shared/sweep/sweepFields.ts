import { quantityNames } from '../map/mapQuantity.ts'
import { fieldsWithin, findField, specificationFields, type SpecificationField } from '../specification/fields.ts'
import { sweepSchema } from './sweepSchema.ts'

const ofSweep = ['name', 'seeds']
/** The same in every cell. */
const neverSwept = [...ofSweep, 'task.path']

/** What axes may set, as they call it; lists of interventions have numbers in their paths, and are typed. */
const swept = specificationFields.flatMap(({ path, type, words }) =>
  path.includes('[]') || words.isFound || neverSwept.includes(path) || type === 'part'
    ? []
    : [type === 'kind' ? path.replace(/\.kind$/, '') : path],
)

/** Every field of a sweep as `specificationFields` has those of an experiment, which are in its base. */
export const sweepFields: readonly SpecificationField[] = fieldsWithin(sweepSchema).flatMap((field) => {
  // Which kind an axis is, its fields say.
  if (field.path === 'axes[].kind') return []
  const own = { ...field, where: [[]], choices: choicesOf(field) }
  // How many, or a list of them.
  if (field.path === 'seeds') return [{ ...own, bounds: {} }]
  if (field.path === 'axes[].fields') return [own, { ...own, path: 'axes[].fields[]', type: 'text', choices: swept }]
  if (field.path === 'base') return [{ ...own, type: 'part' }, ...base()]
  return [own]
})

/** Names that axes of each kind have; the first that it has says which kind an axis is. */
const kindsOfAxis = [
  { by: ['sample'], names: ['sample', 'count', 'over'] },
  { by: ['fields'], names: ['fields', 'values'] },
  { by: ['values'], names: ['field', 'values'] },
  { by: ['from', 'to', 'count', 'scale', 'whole'], names: ['field', 'from', 'to', 'count', 'scale', 'whole'] },
] as const

/** The names of an axis beside those that it has. */
export function namesOfAxis(there: ReadonlySet<string>): readonly string[] {
  const kind = kindsOfAxis.find(({ by }) => by.some((name) => there.has(name)))
  if (kind) return kind.names
  const all = [...new Set(kindsOfAxis.flatMap(({ names }) => names))]
  return there.has('field') ? all.filter((name) => !['sample', 'over', 'fields'].includes(name)) : all
}

function choicesOf({ path, choices }: SpecificationField): readonly string[] {
  if (/^axes\[\](\.over\[\])?\.field$|^map\.[xy]$/.test(path)) return swept
  if (path === 'map.color') return [...quantityNames, 'phase']
  return choices
}

/** Those of an experiment, under the path of the base. */
function base(): SpecificationField[] {
  return specificationFields
    .filter(({ path }) => !ofSweep.includes(path))
    .map((field) => ({
      ...field,
      path: `base.${field.path}`,
      where: field.where.map((set) => set.map(({ path, value }) => ({ path: `base.${path}`, value }))),
    }))
}

/** The field of an experiment at a path as axes call it. */
export function findSwept(path: string): SpecificationField | undefined {
  const declared = path.replaceAll(/\.\d+(?=\.|$)/g, '[]')
  return findField(declared) ?? findField(`${declared}.kind`)
}
