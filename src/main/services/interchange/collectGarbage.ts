import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/** Gives back memory that is used no more: the engine waits with that while it has plenty, however long an export. */
export const collectGarbage = runInNewContext('gc') as () => void
