import type { Channel, EventName } from './contract.ts'

/** Every channel by name, in an object so that the compiler finds one that is missing. */
const channelTable: Record<Channel, true> = {
  'library.summary': true,
  'library.usage': true,
  'library.clean': true,
  'engines.list': true,
  'settings.get': true,
  'settings.change': true,
  'sources.choose': true,
  'datasets.list': true,
  'datasets.get': true,
  'datasets.arrays': true,
  'datasets.import': true,
  'datasets.generate': true,
  'datasets.preview': true,
  'datasets.derive': true,
  'datasets.cancel': true,
  'datasets.rename': true,
  'datasets.setNotes': true,
  'datasets.remove': true,
  'datasets.whitening': true,
  'datasets.images': true,
  'runs.list': true,
  'runs.get': true,
  'runs.series': true,
  'runs.rhoHat': true,
  'runs.snapshot': true,
  'runs.reconstructions': true,
  'runs.sprites': true,
  'runs.sparklines': true,
  'runs.start': true,
  'runs.stop': true,
  'runs.pause': true,
  'runs.continue': true,
  'runs.resume': true,
  'queue.get': true,
  'queue.move': true,
  'runs.rename': true,
  'runs.setTags': true,
  'runs.setNotes': true,
  'runs.remove': true,
  'exports.write': true,
  'bundles.open': true,
  'weights.look': true,
  'weights.import': true,
  'units.activations': true,
  'units.history': true,
  'units.matches': true,
  'units.gabor': true,
  'filters.match': true,
  'gradient.check': true,
  'demo.start': true,
  'live.watch': true,
}
export const channels = Object.keys(channelTable) as Channel[]

const eventTable: Record<EventName, true> = {
  'library.changed': true,
  'datasets.progress': true,
  menu: true,
}
export const eventNames = Object.keys(eventTable) as EventName[]

/** Preload's own channel for drops; not callable by the page with a path of its choosing. */
export const dropChannel = 'sources.drop'
