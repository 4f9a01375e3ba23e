import type { RequestInput } from '../../shared/contract.ts'
import { request } from '../lab.ts'
import { showToast } from './useToasts.ts'

/** Of a run that is not what was stored of it nothing leaves the laboratory without a word. */
export async function showDamage(run: RequestInput<'run.show'>): Promise<void> {
  const { name, integrity } = await request('run.show', run)
  if (integrity.findings.length === 0) return
  showToast(`${name} is damaged, and so is what was saved: ${integrity.findings.join('; ')}.`, undefined, 'failed')
}
