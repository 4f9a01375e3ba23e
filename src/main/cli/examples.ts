import type { Command } from 'commander'

/** What may be typed, by the command that it is an example of. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  reproduce: [
    'reproduce fig6 --out figures',
    'reproduce pezeshki2022 --again',
    'reproduce all --json > verdicts.jsonl',
  ],
  run: [
    'run spec.json',
    'run spec.json --set dynamics.weightDecay=2 --set seeds=[0,1,2]',
    'template training | grokscope run - --archive trial.grokscope',
  ],
  'sweep plan': [
    'sweep plan sweep.json',
    'sweep plan sweep.json --on slurm --partition short',
    'sweep plan sweep.json --on gpu',
  ],
  'sweep run': [
    'sweep run sweep.json --out delay',
    'sweep run delay',
    'sweep run sweep.json --out delay --on gpu',
    'sweep run sweep.json --out delay --on auto',
    'sweep run sweep.json --out delay --on slurm --partition short --time 60',
  ],
  'sweep status': ['sweep status delay --json'],
  'sweep collect': ['sweep collect delay --archive mine.grokscope', 'sweep collect delay --partial'],
  'sweep map': [
    'sweep map delay --out delay.svg',
    'sweep map delay --x task.trainFraction --y dynamics.weightDecay --color phase --boundary x --out phases.pdf',
  ],
  'sweep line': ['sweep line delay --x dynamics.learningRate --color t_grok --out law.pdf'],
  'sweep compare': ['sweep compare delay delay-gpu --color phase --out both.svg', 'sweep compare adam sgd --json'],
  'sweep refine': ['sweep refine delay'],
  'sweep presets': ['sweep presets'],
  'sweep preset': ['sweep preset four-phases > sweep.json'],
  'sweep claims': ['sweep claims delay --json'],
  'sweep task': ['sweep task delay 0'],
  queue: ['queue --json'],
  'queue next': ['queue next k7x2'],
  'queue pause': ['queue pause'],
  'queue continue': ['queue continue'],
  'queue cancel': ['queue cancel k7x2 m3p4'],
  template: ['template training > spec.json', 'template musat2025/fig6'],
  schema: ['schema > specification.schema.json', 'schema --table'],
  resume: ['resume k7x2', 'resume k7x2 --steps 20000'],
  list: ['list', "list 'p = 37 and t_grok < 2500 tag:euler'", 'list --json | head -1'],
  show: ['show k7x2', 'show k7x2 --json'],
  export: ['export k7x2 --format npz --out run.npz', 'export k7x2 --format csv --out - | head'],
  figure: [
    'figure k7x2 m3p4 --panel testAccuracy trainLoss --venue neurips --out figure.pdf',
    "figure 'tag:euler p = 37' --panel firstLayerNormSquared --spread deviation --venue ieee --width column --out norms.pdf",
    'figure --panel musat2025/fig6/test-accuracy --width 85mm --out fig6.png --dpi 600',
    "figure k7x2 --venue aps --width column --out run.pdf --latex --caption 'One run.'",
    'figure k7x2 --panel trainLoss --out loss.py',
    'figure --figure saved.json --venue nature --out figure.svg --outlined',
  ],
  import: ['import part-1.grokscope part-2.grokscope'],
  serve: ['serve', 'serve --port 9000 --archive mine.grokscope', 'serve --read-only'],
  bench: ['bench', 'bench --quick --out speed.json', 'bench gpu', 'bench gpu --tune spec.json'],
  doctor: ['doctor', 'doctor --archive mine.grokscope'],
  'install-tensorflow': ['install-tensorflow', 'install-tensorflow --tensorflow 2.18.1 --yes'],
}

/** Ends the help of every command with its examples. */
export function addExamples(program: Command, path = ''): void {
  for (const command of program.commands) {
    const name = `${path}${command.name()}`
    const lines = (examples[name] ?? []).map((line) => `  grokscope ${line}`)
    if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
    addExamples(command, `${name} `)
  }
}
