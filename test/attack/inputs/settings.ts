import type { Dice } from '../dice.ts'
import { hostileText, mutateJson } from '../mutateJson.ts'

const paths = [
  'name',
  'seeds',
  'seeds.0',
  'task.modulus',
  'task.trainFraction',
  'network.hidden',
  'network.activation',
  'dynamics.steps',
  'dynamics.ridge',
  'dynamics.integrator',
  'dynamics.integrator.stepSize',
  'dynamics.optimizer.kind',
  'record.snapshots',
  'record.geometry.every',
  'interventions.0.at',
  'initialization',
  'initialization.path',
]
const sensible = ['seeds=[3]', 'seeds.0=5', 'name=x', 'task.modulus=11', 'network.hidden=64', 'dynamics.steps=9']
const strangePaths = [
  '',
  '.',
  '..',
  'a.b.c',
  '__proto__',
  '__proto__.polluted',
  'constructor.prototype.polluted',
  'task.__proto__.polluted',
  'seeds.length',
  'seeds.-1',
  'seeds.4294967296',
  'interventions.push',
  'toString',
  'a.'.repeat(20_000),
  'task.'.repeat(5_000),
]

/** One to three arguments of `--set`. */
export function settings(dice: Dice): string[] {
  return Array.from({ length: dice.integer(1, 3) }, () => {
    if (dice.chance(0.3)) return dice.pick(sensible)
    const path = dice.chance(0.7) ? dice.pick(paths) : dice.chance(0.5) ? dice.pick(strangePaths) : hostileText(dice)
    return dice.chance(0.05) ? path : `${path}=${value(dice)}`
  })
}

function value(dice: Dice): string {
  if (dice.chance(0.3)) return hostileText(dice)
  return mutateJson(dice.pick(['{"kind":"euler","stepSize":0.001}', '{"a":1}', '[1,2,3]', '{"a":[{"b":0.5}]}']), dice)
    .text
}
