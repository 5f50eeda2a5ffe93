import * as fc from 'fast-check'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import { useNavigation } from '../../../renderer/stores/navigation.ts'

beforeEach(() => setActivePinia(createPinia()))

test('back and forward go where one was; going elsewhere drops what lay ahead', () => {
  const navigation = useNavigation()
  navigation.go({ view: 'run', runId: 1 })
  navigation.go({ view: 'run', runId: 2 })
  navigation.back()
  expect(navigation.route).toEqual({ view: 'run', runId: 1 })
  navigation.forward()
  expect(navigation.route).toEqual({ view: 'run', runId: 2 })
  navigation.back()
  navigation.go({ view: 'datasets' })
  expect(navigation.canGoForward).toBe(false)
  navigation.back()
  expect(navigation.route).toEqual({ view: 'run', runId: 1 })
})

test('going to where one is adds no place to go back to', () => {
  const navigation = useNavigation()
  navigation.go({ view: 'run', runId: 1 })
  navigation.go({ view: 'run', runId: 1 })
  navigation.back()
  expect(navigation.route).toEqual({ view: 'runs' })
})

test('the form is not in the way back from the run that it started', () => {
  const navigation = useNavigation()
  navigation.go({ view: 'newRun' })
  navigation.replace({ view: 'run', runId: 5 })
  navigation.back()
  expect(navigation.route).toEqual({ view: 'runs' })
})

test('there is always a place, whatever one does', () => {
  const step = fc.constantFrom('go', 'back', 'forward', 'replace')
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      setActivePinia(createPinia())
      const navigation = useNavigation()
      steps.forEach((name, at) => {
        if (name === 'go') navigation.go({ view: 'run', runId: at })
        else if (name === 'replace') navigation.replace({ view: 'dataset', id: at })
        else if (name === 'back') navigation.back()
        else navigation.forward()
        expect(navigation.route).toBeDefined()
      })
    }),
  )
})
