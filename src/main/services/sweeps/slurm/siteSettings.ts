import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../../shared/errors.ts'
import { slurmSchema, type SlurmOptions } from '../../../../shared/sweep/slurmOptions.ts'
import { parseInput } from '../../../../shared/parseInput.ts'
import { readingFailure } from '../../../files/fileFailures.ts'
import { writeWhole } from '../../../files/writeWhole.ts'

/** What is the same for every sweep of a user on a cluster. */
const siteFields = ['partition', 'account', 'sbatch', 'setup', 'prefix'] as const

export type SiteSettings = Pick<SlurmOptions, (typeof siteFields)[number]>

export function settingsPath(folder: string): string {
  return join(folder, 'slurm.json')
}

/** What was remembered in the folder; nothing where there is none. Throws INVALID_FILE where it is not as it was written. */
export function recallSettings(folder: string | undefined): SiteSettings {
  const path = folder === undefined ? undefined : settingsPath(folder)
  if (path === undefined || !existsSync(path)) return {}
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new LabError('INVALID_FILE', `${path} cannot be read: ${readingFailure(error)}; correct it or remove it`)
  }
  return siteOf(parseInput(slurmSchema, given, { code: 'INVALID_FILE', whole: path, prefix: `${path}: ` }))
}

/** Keeps them for the next sweep; where the folder cannot be written, they are asked for again. */
export async function rememberSettings(folder: string | undefined, options: SlurmOptions): Promise<void> {
  if (folder === undefined) return
  const content = `${JSON.stringify(siteOf(options), null, 2)}\n`
  const path = settingsPath(folder)
  if (existsSync(path) ? readFileSync(path, 'utf8') === content : content === '{}\n') return
  await writeWhole(path, [content], { replace: true }).catch(() => undefined)
}

function siteOf(options: SlurmOptions): SiteSettings {
  return Object.fromEntries(
    siteFields.flatMap((field) => (options[field] === undefined ? [] : [[field, options[field]]])),
  )
}
