import type { ProbeRequest } from './backend/probe.ts'
import { tryBackend } from './tryBackend.ts'

/* The process that `forkProbe` starts: tries one backend, reports, and ends. */
const report = await tryBackend(JSON.parse(process.argv[2]!) as ProbeRequest)
process.send!(report, () => process.exit())
