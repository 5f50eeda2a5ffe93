import { shallowRef } from 'vue'
import type { AxisScale } from '../charts/iterationAxis.ts'

const xScale = shallowRef<AxisScale>('log')
const yScale = shallowRef<AxisScale>('log')

/** Scales of the iteration and cost axes: chosen once, they hold for every run until the window closes. */
export const useAxisScales = () => ({ xScale, yScale })
