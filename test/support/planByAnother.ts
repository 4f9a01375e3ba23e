import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../../src/shared/version.ts'

/** As if version 0.0.1 had planned what is in the folder of a sweep. */
export function planByAnother(path: string): void {
  const file = join(path, 'sweep.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"grokscope":"${version}"`, '"grokscope":"0.0.1"'))
}
