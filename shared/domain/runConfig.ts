import { modelSettings } from '../settings/modelSettings.ts'
import { runSettings, type RunConfig } from '../settings/runSettings.ts'
import { choicesOf, type ConfigOf } from '../settings/setting.ts'
import { defaultsOf, earlierDefaultsOf, schemaOf } from '../settings/settingSchema.ts'

export type { RunConfig }
/** The network and its cost: all that the gradient depends on. Symbols as in the CS294A notes. */
export type Hyperparameters = ConfigOf<typeof modelSettings>

export type Activation = RunConfig['activation']
export type Decoder = RunConfig['decoder']
export type Optimiser = RunConfig['optimiser']
export type EngineChoice = RunConfig['engine']
export type EngineName = Exclude<EngineChoice, 'auto'>

export const activations = choicesOf(runSettings.activation)
export const decoders = choicesOf(runSettings.decoder)
export const optimisers = choicesOf(runSettings.optimiser)
export const engineChoices = choicesOf(runSettings.engine)
export const engineNames = engineChoices.filter((choice): choice is EngineName => choice !== 'auto')

/** Everything that, with the dataset, decides the result of a run; what it is made of is in shared/settings. */
export const runConfigSchema = schemaOf(runSettings)

/** What a new run has unless told otherwise. */
export const defaultConfig: RunConfig = defaultsOf(runSettings)

/** What a stored configuration means by settings that it does not have: they were added since. */
export const storedDefaults: RunConfig = earlierDefaultsOf(runSettings)

export const wholeConfig = (stored: Partial<RunConfig>): RunConfig => ({ ...storedDefaults, ...stored })
