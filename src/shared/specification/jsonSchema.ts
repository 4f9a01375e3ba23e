import { z } from 'zod'
import { optimizer, optimizerKinds } from '../dynamics/optimizers.ts'
import { composedSchema, studiedSchema } from '../experiment.ts'
import { datasetSchema } from '../tasks/dataset.ts'
import { plainText } from '../formatting/setSymbols.ts'
import { sweepSchema } from '../sweep/sweepSchema.ts'
import { version } from '../version.ts'
import { words } from './words.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/**
 * The specification as a JSON Schema (draft 2020-12), each field with its label and help, for editors and for those who
 * write specifications by program. It says what each field may hold; which fields fit together is `parseExperiment`'s.
 */
export function specificationSchema(): JsonSchema {
  const { $schema, ...studied } = toJson(studiedSchema)
  const { $schema: _, ...composed } = toJson(composedSchema)
  const { required = [], ...rest } = composed
  const isToy = { properties: { task: { properties: { kind: { const: 'toy' } } } } }
  return {
    $schema: $schema!,
    title: 'specification',
    description: `An experiment of Grokscope ${version}: one run for each seed.`,
    anyOf: [
      {
        ...rest,
        required: required.filter((name) => name !== 'network'),
        // A toy task names no network.
        anyOf: [isToy, { required: ['network'] }],
      },
      studied,
    ],
  }
}

/** The same of a sweep; its base is an experiment without name and seeds, whose fields the axes may set. */
export function sweepJsonSchema(): JsonSchema {
  const { $schema, ...sweep } = toJson(sweepSchema)
  const { items } = sweep.properties!['axes'] as { items: { oneOf: JsonSchema[] } }
  // Which kind an axis is, its fields say.
  for (const axis of items.oneOf) {
    delete axis.properties!['kind']
    axis.required = axis.required!.filter((name) => name !== 'kind')
  }
  const description = `A sweep of Grokscope ${version}: an experiment with axes, one cell for every combination of their values.`
  return { $schema: $schema!, title: 'sweep', description, ...sweep }
}

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    // What the input of preprocessing may be besides, `override` says.
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      describe(zodSchema, jsonSchema)
      if (words.get(zodSchema as unknown as z.ZodType)?.isDistinct) jsonSchema.uniqueItems = true
      if (jsonSchema.properties?.['split']) requireShare(jsonSchema)
      if (jsonSchema.required?.includes('steps') && jsonSchema.properties?.['decayTime']) requireLength(jsonSchema)
      // A file may say its split, and always says what it holds.
      if (zodSchema === datasetSchema) {
        jsonSchema.required = ['kind', 'path']
        delete jsonSchema.anyOf
      }
      if (zodSchema === optimizer) jsonSchema.oneOf!.push({ type: 'string', enum: [...optimizerKinds] })
    },
  })
}

/** The training share, unless a list of training samples says it. */
function requireShare(task: JsonSchema): void {
  const isGiven = { required: ['split'], properties: { split: { properties: { kind: { const: 'given' } } } } }
  task.required = task.required?.filter((name) => name !== 'trainFraction')
  task.anyOf = [{ required: ['trainFraction'] }, isGiven]
}

/** Its steps, or a decay time instead. */
function requireLength(dynamics: JsonSchema): void {
  dynamics.required = dynamics.required?.filter((name) => name !== 'steps')
  dynamics.anyOf = [{ required: ['steps'] }, { required: ['decayTime'] }]
}

function describe(schema: z.core.$ZodTypes, json: JsonSchema): void {
  const spoken = words.get(schema as unknown as z.ZodType)
  if (!spoken) return
  json.title = spoken.symbol ? `${spoken.label} ${plainText(spoken.symbol)}` : spoken.label
  const choices = Object.entries(spoken.choices ?? {}).map(([value, label]) => `${value}: ${label}`)
  json.description = [plainText(spoken.help), ...(choices.length > 0 ? [`${choices.join('; ')}.`] : [])].join(' ')
}
