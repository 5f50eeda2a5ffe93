import type { IRegularForbiddenRuleType, IForbiddenRuleType } from 'dependency-cruiser'

const rule = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType => ({ name, comment, severity: 'error', from, to })

/** The layers (docs/architecture.md); each comment says what to do instead. */
export const layerRules: IForbiddenRuleType[] = [
  rule(
    'renderer-sees-shared-only',
    'Ask main over shared/ipc instead.',
    { path: '^renderer/' },
    { path: '^(main|db|scripts)/|node_modules/(electron|better-sqlite3|gpu\\.js|onnxruntime-node)/' },
  ),
  rule(
    'drawing-knows-no-vue',
    'Draw functions take a canvas and numbers; the component calls them.',
    { path: '^renderer/(charts|filters|format)/' },
    { path: '^renderer/(stores|components|views|composables)/|node_modules/(vue|pinia)/' },
  ),
  rule(
    'stores-know-no-component',
    'A store holds what the window knows. What draws or listens asks it, never the other way round.',
    { path: '^renderer/stores/' },
    { path: '^renderer/(composables|components|views)/' },
  ),
  rule(
    'composables-know-no-component',
    'Move what both need to renderer/filters, charts or format.',
    { path: '^renderer/composables/' },
    { path: '^renderer/(components|views)/' },
  ),
  rule(
    'components-know-no-view',
    'A view hands its components what they need.',
    { path: '^renderer/components/' },
    { path: '^renderer/views/' },
  ),
  rule(
    'shared-stands-alone',
    'shared/ runs everywhere: no Node, no Electron, no other folder.',
    { path: '^shared/' },
    { path: '^(main|renderer|db|scripts)/' },
  ),
  rule(
    'shared-has-no-node',
    'Move what needs Node to main/.',
    { path: '^shared/' },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'only-db-speaks-sql',
    'Add a query to db/queries.',
    { pathNot: '^(db|test|scripts)/' },
    { path: 'node_modules/better-sqlite3/' },
  ),
  rule(
    'db-sees-shared-only',
    'The database knows rows, not sessions.',
    { path: '^db/' },
    { path: '^(main|renderer|scripts)/' },
  ),
  rule(
    'only-engines-load-gpu-or-onnx',
    'Go through main/engine/engines.ts.',
    { pathNot: '^(main/engine|test|scripts)/' },
    { path: 'node_modules/(gpu\\.js|webgpu|onnxruntime-node)/' },
  ),
  rule(
    'onnx-runtime-is-loaded-in-one-place',
    'Call loadOnnxRuntime: loaded otherwise, it tells Microsoft of its use.',
    { pathNot: '^main/engine/onnx/runtime\\.ts$' },
    { path: 'node_modules/onnxruntime-node/', dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'engines-see-shared-and-optimisers',
    'An engine knows no session, no library, no Electron.',
    { path: '^main/engine/' },
    { path: '^(db|renderer|main/(app|ipc|cli|session|sweep|dataset|export|analysis))/' },
  ),
  rule(
    'analysis-reads-and-computes',
    'It runs in a process of its own and in the command line: it asks the library, never the app or a session.',
    { path: '^main/analysis/' },
    { path: '^main/(app|ipc|cli|session|export|preload)/' },
  ),
  rule(
    'optimisers-are-pure',
    'An optimiser gets a function to evaluate.',
    { path: '^main/optimiser/' },
    { path: '^(db|main/(?!optimiser))', dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'training-loop-runs-anywhere',
    'runSession and the trainers run in a window too.',
    {
      path: '^main/session/(runSession|.*[tT]rainer|checkpoint|divergence|sessionOrders|sessionReporter|snapshotSchedule)\\.ts$',
    },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'compute-window-has-no-node',
    'The GPU is reached from a sandboxed page: what needs Node goes to the other hosts, or to gpujs/dawn.ts.',
    {
      path:
        '^main/(session/(holdOut|divergence|sessionOrders|hosts/(serveSession|windowHost|gpuProtocol))|' +
        'engine/(choice/(measure|timeWork)|gpujs/(adapter|preferFast|gpu(?!Engine)\\w*|web\\w*|window\\w*)))\\.ts$',
    },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'no-electron-but-in-app',
    'Services must run in plain Node for the command line.',
    { path: '^(db|shared|main/(engine|optimiser|session|sweep|dataset|export|analysis|cli))/' },
    { path: 'node_modules/electron/|^electron$' },
  ),
  rule(
    'cli-knows-no-window',
    'Move the service out of main/app.',
    { path: '^main/cli/' },
    { path: '^main/(app|ipc|preload)/' },
  ),
  rule('nothing-imports-test', 'Move it out of test/.', { pathNot: '^test/' }, { path: '^test/' }),
  // A cycle that types alone close is none when the program runs.
  rule(
    'no-cycles',
    'Pull what both need into a third file.',
    {},
    {
      circular: true,
      viaOnly: { dependencyTypesNot: ['type-only'] },
    },
  ),
]
